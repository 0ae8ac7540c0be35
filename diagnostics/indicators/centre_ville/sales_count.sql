/*
title: Nombre de ventes, {plural}
unit: ventes
precision: 0
datasets: [property_sales]
reading: Nombre de ventes retenues pour calculer le prix médian, dernière année connue.
source: DVF géolocalisées (DGFiP, Etalab)
higher_is: neutre
plausible: [0, 100000]
compared: false
levels: [commune]
variants:
  flat: {type: appartement, plural: appartements}
  house: {type: maison, plural: maisons}
caveats:
- Ventes retenues après nettoyage (ni ventes en bloc, ni prix aberrants) ; ce n'est pas le total des mutations.
examples:
- says: le nombre de la dernière année connue
  variant: flat
  given:
    property_sales:
    - {territory: "99001", type_local: appartement, year: 2024, sales_count: 166}
    - {territory: "99001", type_local: appartement, year: 2025, sales_count: 148}
  expect: {"99001": {value: 148, vintage: "2025"}}
- says: aucune ligne n'est pas zéro vente
  variant: house
  given:
    property_sales:
    - {territory: "99001", type_local: appartement, year: 2025, sales_count: 148}
  expect: {"99001": null, "99002": null}
*/
with latest as (
    select * from property_sales
    where type_local = $type
    qualify row_number() over (partition by territory order by year desc) = 1
)
select m.territory, p.sales_count as value, p.year as vintage
from members m
join latest p on p.territory = m.member

/*
title: "Prix médian, {plural}"
unit: €/m²
precision: 0
datasets: [property_sales]
reading: Prix médian au mètre carré des ventes de la dernière année connue ({plural}).
source: DVF géolocalisées (DGFiP, Etalab)
higher_is: neutre
plausible: [100, 30000]
levels: [commune]
variants:
  flat: {type: appartement, plural: appartements}
  house: {type: maison, plural: maisons}
caveats:
- Commune entière, pas le seul centre-ville ; ventes retenues après nettoyage, voir leur nombre.
- Les ventes de l'Alsace, de la Moselle et de Mayotte ne sont pas dans cette source.
examples:
- says: la dernière année connue, pas la plus chère
  variant: flat
  given:
    property_sales:
    - {territory: "99001", type_local: appartement, year: 2024, median_price_m2: 1558, sales_count: 166}
    - {territory: "99001", type_local: appartement, year: 2025, median_price_m2: 1526, sales_count: 148}
    - {territory: "99001", type_local: maison, year: 2025, median_price_m2: 1684, sales_count: 170}
  expect: {"99001": {value: 1526, vintage: "2025"}}
- says: sans vente du type demandé, pas de prix ; un prix vide n'est pas remplacé par celui de l'année d'avant
  variant: house
  given:
    property_sales:
    - {territory: "99002", type_local: appartement, year: 2025, median_price_m2: 900, sales_count: 20}
    - {territory: "99003", type_local: maison, year: 2024, median_price_m2: 1000, sales_count: 20}
    - {territory: "99003", type_local: maison, year: 2025, median_price_m2: null, sales_count: 2}
  expect: {"99002": null, "99003": {value: null, vintage: "2025"}}
*/
with latest as (
    select * from property_sales
    where type_local = $type
    qualify row_number() over (partition by territory order by year desc) = 1
)
select m.territory, p.median_price_m2 as value, p.year as vintage
from members m
join latest p on p.territory = m.member

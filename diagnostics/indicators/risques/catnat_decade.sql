/*
title: Reconnaissances CatNat, événements de {period}
unit: reconnaissances
precision: 0
datasets: [catnat_orders]
reading: Arrêtés CatNat, un par péril et date de début, pour les événements commencés de {period}.
source: Base GASPAR (ministère de la Transition écologique, Géorisques)
higher_is: neutre
plausible: [0, 100000]
levels: [commune, epci, departement, region]
variants:
  "1980s": {first: 1982, last: 1989, period: 1982 à 1989}
  1990s: {first: 1990, last: 1999, period: 1990 à 1999}
  2000s: {first: 2000, last: 2009, period: 2000 à 2009}
  2010s: {first: 2010, last: 2019, period: 2010 à 2019}
  2020s: {first: 2020, last: 2029, period: 2020 à aujourd'hui}
caveats:
- Le régime CatNat date de 1982 ; la première et la dernière période sont plus courtes que les autres.
- Zéro veut dire « aucune reconnaissance dans GASPAR », jamais « non exposée ».
- La reconnaissance suit l'événement de plusieurs mois ; les dernières années sont toujours incomplètes.
examples:
- says: l'année de début de l'événement décide, bornes comprises
  variant: 2010s
  given:
    catnat_orders:
    - {territory: "99001", id_gaspar: A1, num_risque: ICB, date_debut: "2009-12-31"}
    - {territory: "99001", id_gaspar: A2, num_risque: ICB, date_debut: "2010-01-01"}
    - {territory: "99001", id_gaspar: A3, num_risque: ICB, date_debut: "2019-12-31"}
    - {territory: "99001", id_gaspar: A3, num_risque: ICB, date_debut: "2019-12-31"}
  expect: {"99001": 2}
- says: aucune ligne dans une source exhaustive est un zéro, une date absente n'est d'aucune décennie
  variant: 2020s
  given:
    catnat_orders:
    - {territory: "99001", id_gaspar: A1, num_risque: SEC, date_debut: null}
  expect: {"99001": 0, "99002": 0}
*/
with recognitions as (
    select distinct territory, id_gaspar, num_risque, lib_risque, date_debut
    from catnat_orders
    where year(date_debut) between $first and $last
)
select m.territory, count(r.territory) as value
from members m
left join recognitions r on r.territory = m.member
group by m.territory

/*
title: Part des 65 ans et plus, d'un quartier à l'autre
unit: "%"
precision: 1
datasets: [iris_population]
reading: Quartier médian, entre le quartier où la part des 65 ans et plus est la plus faible et celui où elle est la plus forte.
source: Insee, recensement de la population 2021 par IRIS
higher_is: neutre
plausible: [0, 100]
interval: du quartier le plus bas au plus haut
levels: [commune]
caveats:
- Quartiers d'habitat (IRIS de type H) d'au moins 200 habitants ; sans objet dans une commune qui en compte moins de deux.
- Un établissement d'hébergement peut à lui seul porter le chiffre d'un quartier.
examples:
- says: trois quartiers d'habitat, dont la médiane et les extrêmes
  given:
    iris_population:
    - {territory: "99001", iris: "990010101", typ_iris: H, pop: 1000, pop_65p: 100}
    - {territory: "99001", iris: "990010102", typ_iris: H, pop: 500, pop_65p: 150}
    - {territory: "99001", iris: "990010103", typ_iris: H, pop: 400, pop_65p: 80}
    - {territory: "99001", iris: "990010104", typ_iris: A, pop: 300, pop_65p: 300}
  expect: {"99001": {value: 20.0, low: 10.0, high: 30.0}}
- says: sans objet dans une commune d'un seul quartier, ou dont les autres sont presque vides
  given:
    iris_population:
    - {territory: "99002", iris: "990020000", typ_iris: Z, pop: 900, pop_65p: 100}
    - {territory: "99003", iris: "990030101", typ_iris: H, pop: 900, pop_65p: 100}
    - {territory: "99003", iris: "990030102", typ_iris: H, pop: 4, pop_65p: 4}
  expect: {"99002": {absence: not_applicable}, "99003": {absence: not_applicable}}
*/
with districts as (
    select territory, 100.0 * pop_65p / pop as share
    from iris_population
    where typ_iris = 'H' and pop >= 200
)
select m.territory,
       case when count(d.share) > 1 then median(d.share) end as value,
       case when count(d.share) > 1 then min(d.share) end as low,
       case when count(d.share) > 1 then max(d.share) end as high,
       case when count(d.share) < 2 then 'not_applicable' end as absence
from members m
left join districts d on d.territory = m.member
group by m.territory

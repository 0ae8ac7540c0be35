/*
title: Part de résidences principales
unit: "%"
precision: 1
datasets: [iris_population]
reading: Sur 100 logements, combien sont occupés à l'année.
source: Insee, recensement de la population 2021 par IRIS
higher_is: neutre
plausible: [0, 100]
levels: [commune, epci, departement, region]
caveats:
- Le recensement classe un logement d'après sa situation le jour de la collecte ; les effectifs sont arrondis à l'unité.
examples:
- says: les IRIS d'une commune s'additionnent avant de diviser, ceux d'une intercommunalité aussi
  members: {"99001": ["99001"], "999000001": ["99001", "99002"]}
  given:
    iris_population:
    - {territory: "99001", iris: "990010101", logements: 300, res_principales: 30}
    - {territory: "99001", iris: "990010102", logements: 100, res_principales: 50}
    - {territory: "99002", iris: "990020000", logements: 400, res_principales: 120}
  expect: {"99001": 20.0, "999000001": 25.0}
- says: un dénominateur nul rend le chiffre sans objet, une case vide le rend absent
  given:
    iris_population:
    - {territory: "99003", iris: "990030000", logements: 0, res_principales: 0}
    - {territory: "99004", iris: "990040101", logements: 100, res_principales: null}
    - {territory: "99004", iris: "990040102", logements: 100, res_principales: 10}
  expect: {"99003": {absence: not_applicable}, "99004": null, "99005": null}
*/
select m.territory,
       case when count(*) = count(i.res_principales) and count(*) = count(i.logements)
            then 100.0 * sum(i.res_principales) / nullif(sum(i.logements), 0) end as value,
       case when sum(i.logements) = 0 then 'not_applicable' end as absence
from members m
join iris_population i on i.territory = m.member
group by m.territory

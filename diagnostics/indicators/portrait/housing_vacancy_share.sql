/*
title: Part de logements vacants
unit: "%"
precision: 1
datasets: [iris_population]
reading: Sur 100 logements, combien étaient vacants au recensement, quelle que soit la durée.
source: Insee, recensement de la population 2021 par IRIS
higher_is: pire
plausible: [0, 100]
levels: [commune, epci, departement, region]
caveats:
- Vacance de tout type et de toute durée, y compris entre deux occupants ; ce n'est pas la vacance de plus de deux ans de LOVAC.
- Le recensement classe un logement d'après sa situation le jour de la collecte ; les effectifs sont arrondis à l'unité.
examples:
- says: les IRIS d'une commune s'additionnent avant de diviser, ceux d'une intercommunalité aussi
  members: {"99001": ["99001"], "999000001": ["99001", "99002"]}
  given:
    iris_population:
    - {territory: "99001", iris: "990010101", logements: 300, logements_vacants: 30}
    - {territory: "99001", iris: "990010102", logements: 100, logements_vacants: 50}
    - {territory: "99002", iris: "990020000", logements: 400, logements_vacants: 120}
  expect: {"99001": 20.0, "999000001": 25.0}
- says: un dénominateur nul rend le chiffre sans objet, une case vide le rend absent
  given:
    iris_population:
    - {territory: "99003", iris: "990030000", logements: 0, logements_vacants: 0}
    - {territory: "99004", iris: "990040101", logements: 100, logements_vacants: null}
    - {territory: "99004", iris: "990040102", logements: 100, logements_vacants: 10}
  expect: {"99003": {absence: not_applicable}, "99004": null, "99005": null}
*/
select m.territory,
       case when count(*) = count(i.logements_vacants) and count(*) = count(i.logements)
            then 100.0 * sum(i.logements_vacants) / nullif(sum(i.logements), 0) end as value,
       case when sum(i.logements) = 0 then 'not_applicable' end as absence
from members m
join iris_population i on i.territory = m.member
group by m.territory

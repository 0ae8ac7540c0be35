/*
title: Logements vacants
unit: logements
precision: 0
datasets: [iris_population]
reading: Nombre de logements sans occupant au recensement, dans toute la commune.
source: Insee, recensement de la population 2021 par IRIS
higher_is: pire
plausible: [0, 7000000]
compared: false
levels: [commune, epci, departement, region]
caveats:
- Commune entière, pas le seul centre-ville ; vacance de toute durée.
- Le recensement classe un logement d'après sa situation le jour de la collecte ; les effectifs sont arrondis à l'unité.
examples:
- says: somme des IRIS de la commune, puis des communes
  members: {"99001": ["99001"], "999000001": ["99001", "99002"]}
  given:
    iris_population:
    - {territory: "99001", iris: "990010101", logements_vacants: 120}
    - {territory: "99001", iris: "990010102", logements_vacants: 80}
    - {territory: "99002", iris: "990020000", logements_vacants: 0}
  expect: {"99001": 200, "999000001": 200}
- says: un zéro lu est un zéro, une case vide n'en est pas un
  given:
    iris_population:
    - {territory: "99002", iris: "990020000", logements_vacants: 0}
    - {territory: "99003", iris: "990030101", logements_vacants: 40}
    - {territory: "99003", iris: "990030102", logements_vacants: null}
  expect: {"99002": 0, "99003": null, "99004": null}
*/
select m.territory, case when count(*) = count(i.logements_vacants) then sum(i.logements_vacants) end as value
from members m
join iris_population i on i.territory = m.member
group by m.territory

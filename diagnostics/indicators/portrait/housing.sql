/*
title: Nombre de logements
unit: logements
precision: 0
datasets: [iris_population]
reading: Résidences principales, secondaires et logements vacants.
source: Insee, recensement de la population 2021 par IRIS
higher_is: neutre
plausible: [0, 7000000]
levels: [commune, epci, departement, region]
caveats:
- Le recensement classe un logement d'après sa situation le jour de la collecte ; les effectifs sont arrondis à l'unité.
examples:
- says: somme des IRIS de la commune, puis des communes
  members: {"99001": ["99001"], "999000001": ["99001", "99002"]}
  given:
    iris_population:
    - {territory: "99001", iris: "990010101", logements: 120}
    - {territory: "99001", iris: "990010102", logements: 80}
    - {territory: "99002", iris: "990020000", logements: 0}
  expect: {"99001": 200, "999000001": 200}
- says: un zéro lu est un zéro, une case vide n'en est pas un
  given:
    iris_population:
    - {territory: "99002", iris: "990020000", logements: 0}
    - {territory: "99003", iris: "990030101", logements: 40}
    - {territory: "99003", iris: "990030102", logements: null}
  expect: {"99002": 0, "99003": null, "99004": null}
*/
select m.territory, case when count(*) = count(i.logements) then sum(i.logements) end as value
from members m
join iris_population i on i.territory = m.member
group by m.territory

/*
title: Nombre d'IRIS
unit: IRIS
precision: 0
datasets: [iris_population]
reading: Nombre de quartiers statistiques (IRIS) du recensement ; une commune non découpée en compte un.
source: Insee, recensement de la population 2021 par IRIS
higher_is: neutre
plausible: [1, 20000]
compared: false
levels: [commune, epci, departement, region]
caveats:
- Découpage de l'Insee pour les communes d'au moins 10 000 habitants et la plupart de celles de 5 000 à 10 000.
examples:
- says: une commune découpée, et l'intercommunalité qu'elle forme avec une commune non découpée
  members: {"99001": ["99001"], "999000001": ["99001", "99002"]}
  given:
    iris_population:
    - {territory: "99001", iris: "990010101"}
    - {territory: "99001", iris: "990010102"}
    - {territory: "99002", iris: "990020000"}
  expect: {"99001": 2, "999000001": 3}
- says: un IRIS livré deux fois compte une fois, une commune sans ligne est absente
  given:
    iris_population:
    - {territory: "99001", iris: "990010101"}
    - {territory: "99001", iris: "990010101"}
  expect: {"99001": 1, "99003": null}
*/
select m.territory, count(distinct i.iris) as value
from members m
join iris_population i on i.territory = m.member
group by m.territory

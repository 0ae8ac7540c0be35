/*
title: Population municipale
unit: habitants
precision: 0
datasets: [municipalities]
reading: Population légale de la commune, ou somme des communes du territoire.
source: Insee, populations légales, via @etalab/decoupage-administratif
higher_is: neutre
plausible: [0, 13000000]
levels: [commune, epci, departement, region]
caveats:
- La population légale est celle d'un recensement étalé sur cinq ans, publiée trois ans après son année de référence.
examples:
- says: une commune, et l'intercommunalité qu'elle forme avec sa voisine
  members: {"99001": ["99001"], "999000001": ["99001", "99002"]}
  given:
    municipalities:
    - {territory: "99001", population: 1200}
    - {territory: "99002", population: 300}
  expect: {"99001": 1200, "999000001": 1500}
- says: une population inconnue n'est jamais comptée pour zéro
  members: {"99001": ["99001"], "999000001": ["99001", "99002"]}
  given:
    municipalities:
    - {territory: "99001", population: 1200}
    - {territory: "99002", population: null}
  expect: {"99001": 1200, "999000001": null}
*/
select m.territory, case when bool_and(p.population is not null) then sum(p.population) end as value
from members m
join municipalities p on p.territory = m.member
group by m.territory

/*
title: Espèces observées sur les dix dernières années
unit: espèces
precision: 0
datasets: [species_observations]
reading: Nombre d'espèces différentes observées pendant les dix ans qui précèdent la dernière observation.
source: Observations naturalistes
higher_is: neutre
plausible: [0, 20000]
compared: false
levels: [commune]
caveats:
- Dépend d'abord du nombre d'observateurs ; peu d'espèces observées ne veut pas dire peu d'espèces.
examples:
- says: une espèce compte une fois, une observation trop ancienne ne compte pas
  given:
    species_observations:
    - {territory: "99001", nom_scientifique: Bufo bufo, date_observation: "2026-05-01"}
    - {territory: "99001", nom_scientifique: Bufo bufo, date_observation: "2020-05-01"}
    - {territory: "99001", nom_scientifique: Parus major, date_observation: "2017-05-01"}
    - {territory: "99001", nom_scientifique: Upupa epops, date_observation: "2015-05-01"}
  expect: {"99001": 2}
- says: sans date, une observation ne se place pas dans les dix ans
  given:
    species_observations: [{territory: "99002", nom_scientifique: Bufo bufo, date_observation: null}]
  expect: {"99002": null, "99003": null}
*/
with dated as (
    select territory, nom_scientifique, date_observation,
           max(date_observation) over (partition by territory) as latest
    from species_observations
)
select m.territory, count(distinct d.nom_scientifique) as value
from members m
join dated d on d.territory = m.member
where d.date_observation > d.latest - interval 10 year
group by m.territory

/*
title: Observations naturalistes connues
unit: observations
precision: 0
datasets: [species_richness]
reading: Observations faites dans la commune depuis 2000 et versées au GBIF ; dit combien on a regardé, non ce qui vit là.
source: GBIF, comptes par commune
higher_is: neutre
plausible: [0, 20000000]
compared: false
levels: [commune]
caveats:
- Les oiseaux et les lieux de promenade sont bien plus regardés que le reste.
examples:
- says: toutes les observations, sans celles des groupes une seconde fois
  given:
    species_richness:
    - {territory: "99001", taxon_group: Ensemble, species: 900, records: 12000}
    - {territory: "99001", taxon_group: Oiseaux, species: 150, records: 8000}
  expect: {"99001": 12000}
- says: une commune sans ligne est absente
  given:
    species_richness: [{territory: "99001", taxon_group: Oiseaux, species: 1, records: 2}]
  expect: {"99001": null, "99002": null}
*/
select m.territory, max(s.records) as value
from members m
join species_richness s on s.territory = m.member
where s.taxon_group = 'Ensemble'
group by m.territory

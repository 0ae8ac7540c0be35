/*
title: Espèces connues
unit: espèces
precision: 0
datasets: [species_richness]
reading: Espèces différentes observées dans la commune depuis 2000 et versées au GBIF ; à lire avec le nombre d'observations.
source: GBIF, comptes par commune
higher_is: neutre
plausible: [0, 60000]
compared: false
levels: [commune]
caveats:
- Ce nombre suit celui des observateurs ; peu d'espèces connues ne veut pas dire peu d'espèces.
- N'est pas donné sous 500 observations, trop peu pour dire quoi que ce soit.
examples:
- says: toutes les espèces, une fois chacune, et non la somme des groupes
  given:
    species_richness:
    - {territory: "99001", taxon_group: Ensemble, species: 900, records: 12000}
    - {territory: "99001", taxon_group: Oiseaux, species: 150, records: 8000}
  expect: {"99001": 900}
- says: sous 500 observations, le nombre ne dit rien
  given:
    species_richness: [{territory: "99002", taxon_group: Ensemble, species: 40, records: 120}]
  expect: {"99002": {absence: not_applicable}, "99003": null}
*/
select m.territory,
       max(s.species) filter (where s.records >= 500) as value,
       case when max(s.records) < 500 then 'not_applicable' end as absence
from members m
join species_richness s on s.territory = m.member
where s.taxon_group = 'Ensemble'
group by m.territory

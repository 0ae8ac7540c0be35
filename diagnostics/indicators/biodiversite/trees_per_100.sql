/*
title: Arbres publics pour 100 habitants
unit: arbres
precision: 1
datasets: [tree_inventory, municipalities]
reading: Arbres de l'inventaire communal, rapportés à 100 habitants.
source: Inventaire des arbres de la commune ; population légale (Insee)
higher_is: mieux
plausible: [0, 500]
levels: [commune]
caveats:
- Dépend de l'exhaustivité de l'inventaire ; les arbres privés et forestiers n'y sont pas.
examples:
- says: les arbres se comptent, la population divise
  given:
    tree_inventory: [{territory: "99001"}, {territory: "99001"}, {territory: "99001"}]
    municipalities: [{territory: "99001", population: 60}, {territory: "99002", population: 60}]
  expect: {"99001": 5.0, "99002": null}
- says: sans habitant, le chiffre est sans objet ; sans population connue, il est absent
  given:
    tree_inventory: [{territory: "99003"}, {territory: "99004"}]
    municipalities: [{territory: "99003", population: 0}, {territory: "99004", population: null}]
  expect: {"99003": {absence: not_applicable}, "99004": null}
*/
with trees as (
    select territory, count(*) as trees from tree_inventory group by territory
)
select m.territory, 100.0 * t.trees / nullif(p.population, 0) as value,
       case when p.population = 0 then 'not_applicable' end as absence
from members m
join trees t on t.territory = m.member
join municipalities p on p.territory = m.member

/*
title: Part du genre d'arbre dominant
unit: "%"
precision: 1
datasets: [tree_inventory]
reading: Sur 100 arbres dont le genre est connu, combien sont du genre le plus fréquent ; au-delà de 20, une maladie ou un été suffit à dégarnir une ville.
source: Inventaire des arbres de la commune
higher_is: pire
plausible: [0, 100]
levels: [commune]
caveats:
- Les arbres sans genre renseigné ne comptent pas ; voir la complétude de l'inventaire.
examples:
- says: le genre le plus fréquent, à la casse et aux espaces près
  given:
    tree_inventory:
    - {territory: "99001", genre: Platanus}
    - {territory: "99001", genre: " platanus "}
    - {territory: "99001", genre: Tilia}
    - {territory: "99001", genre: Acer}
    - {territory: "99001", genre: null}
    - {territory: "99001", genre: ""}
  expect: {"99001": 50.0}
- says: un inventaire sans aucun genre ne dit rien
  given:
    tree_inventory: [{territory: "99002", genre: null}]
  expect: {"99002": null, "99003": null}
*/
with genera as (
    select territory, lower(trim(genre)) as genus, count(*) as trees
    from tree_inventory
    where trim(genre) <> ''
    group by all
)
select m.territory, 100.0 * max(g.trees) / sum(g.trees) as value
from members m
join genera g on g.territory = m.member
group by m.territory

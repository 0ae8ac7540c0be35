/*
title: Complétude de l'inventaire des arbres
unit: "%"
precision: 0
datasets: [tree_inventory]
reading: Sur 100 cases utiles (position, genre, espèce, date de plantation, hauteur), combien sont remplies.
source: Inventaire des arbres de la commune
higher_is: mieux
plausible: [0, 100]
levels: [commune]
caveats:
- Dit si les fiches sont remplies, pas si tous les arbres y sont.
examples:
- says: cinq cases par arbre, une position compte une case
  given:
    tree_inventory:
    - {territory: "99001", longitude: 1.4, latitude: 44.4, genre: Tilia, espece: cordata, date_plantation: "1990-11-25", hauteur_m: 12}
    - {territory: "99001", longitude: 1.4, latitude: null, genre: Tilia, espece: " ", date_plantation: null, hauteur_m: null}
  expect: {"99001": 60}
- says: des fiches toutes vides font zéro, aucune fiche ne dit rien
  given:
    tree_inventory: [{territory: "99002", genre: null}]
  expect: {"99002": 0, "99003": null}
*/
select m.territory,
       20.0 * (
           count(*) filter (where t.longitude is not null and t.latitude is not null)
           + count(*) filter (where trim(t.genre) <> '')
           + count(*) filter (where trim(t.espece) <> '')
           + count(t.date_plantation)
           + count(t.hauteur_m)
       ) / count(*) as value
from members m
join tree_inventory t on t.territory = m.member
group by m.territory

/*
title: Part de lumière chaude
unit: "%"
precision: 0
datasets: [street_lights]
reading: Sur 100 points lumineux dont la couleur est connue, combien sont à 3 000 K ou moins, seuil que l'arrêté du 27 décembre 2018 donne pour limiter la gêne nocturne.
source: Points lumineux de la commune ou du syndicat d'énergie
higher_is: mieux
plausible: [0, 100]
levels: [commune]
caveats:
- Les points dont la couleur n'est pas renseignée ne comptent pas.
examples:
- says: 3 000 K compris, couleur inconnue à part
  given:
    street_lights:
    - {territory: "99001", temperature_couleur_k: 2200}
    - {territory: "99001", temperature_couleur_k: 3000}
    - {territory: "99001", temperature_couleur_k: 4000}
    - {territory: "99001", temperature_couleur_k: 4000}
    - {territory: "99001", temperature_couleur_k: null}
  expect: {"99001": 50}
- says: aucune couleur connue, aucun chiffre
  given:
    street_lights: [{territory: "99002", temperature_couleur_k: null}]
  expect: {"99002": null, "99003": null}
*/
select m.territory,
       100.0 * count(*) filter (where s.temperature_couleur_k <= 3000)
       / nullif(count(s.temperature_couleur_k), 0) as value
from members m
join street_lights s on s.territory = m.member
group by m.territory

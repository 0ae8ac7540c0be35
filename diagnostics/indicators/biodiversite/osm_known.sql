/*
title: "{known} d'OpenStreetMap"
unit: objets
precision: 0
datasets: [osm_features]
reading: Ce que des contributeurs bénévoles ont dessiné sur la carte libre OpenStreetMap ; un repère, non l'inventaire de la ville.
source: © les contributeurs d'OpenStreetMap (ODbL)
higher_is: neutre
plausible: [0, 500000]
compared: false
levels: [commune]
variants:
  trees: {kind: arbres, known: Arbres connus}
  fountains: {kind: fontaines à boire, known: Fontaines à boire connues}
caveats:
- Ce que des contributeurs ont dessiné, sans garantie d'être complet ; zéro veut dire qu'OpenStreetMap n'en connaît pas.
- Ne remplace pas l'inventaire de la ville et ne dit rien de l'ouverture de ses données.
examples:
- says: le nombre du type demandé, à la date du décompte
  variant: trees
  given:
    osm_features:
    - {territory: "99001", kind: arbres, count: 1204, counted_at: "2026-11-20"}
    - {territory: "99001", kind: fontaines à boire, count: 9, counted_at: "2026-11-20"}
  expect: {"99001": {value: 1204, vintage: "2026"}}
- says: zéro est gardé pour ce qu'il est ; sans décompte, pas de valeur
  variant: fountains
  given:
    osm_features:
    - {territory: "99001", kind: fontaines à boire, count: 0, counted_at: "2026-11-20"}
    - {territory: "99002", kind: arbres, count: 12, counted_at: "2026-11-20"}
  expect: {"99001": {value: 0, vintage: "2026"}, "99002": null}
*/
select m.territory, o.count as value, year(o.counted_at) as vintage
from members m
join osm_features o on o.territory = m.member
where o.kind = $kind

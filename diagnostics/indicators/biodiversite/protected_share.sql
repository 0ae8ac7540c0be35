/*
title: Part du territoire protégée pour la nature
unit: "%"
precision: 1
datasets: [natural_areas]
reading: Part de la commune en réserve, parc national, arrêté de biotope ou site Natura 2000 ; un terrain sous deux zonages compte une fois.
source: Zonages naturels et contour de la commune
higher_is: neutre
plausible: [0, 100.5]
compared: false
levels: [commune]
caveats:
- Ni les parcs naturels régionaux, qui couvrent des communes entières, ni les ZNIEFF, qui sont des inventaires.
examples:
- says: un terrain sous deux protections compte une fois, l'inventaire ne compte pas
  given:
    natural_areas:
    - {territory: "99001", famille: protection, surface_ha: 10, surface_seule_ha: 10, surface_territoire_ha: 100}
    - {territory: "99001", famille: natura_2000, surface_ha: 12, surface_seule_ha: 2, surface_territoire_ha: 100}
    - {territory: "99001", famille: inventaire, surface_ha: 80, surface_seule_ha: 70, surface_territoire_ha: 100}
  expect: {"99001": 12.0}
- says: des inventaires seuls font zéro ; sans ligne, ou une surface inconnue, rien n'est dit
  given:
    natural_areas:
    - {territory: "99002", famille: inventaire, surface_ha: 5, surface_seule_ha: 5, surface_territoire_ha: 100}
    - {territory: "99003", famille: protection, surface_ha: null, surface_seule_ha: null, surface_territoire_ha: 100}
  expect: {"99002": 0, "99003": null, "99004": null}
*/
with kept as (
    select territory, famille in ('protection', 'natura_2000') as counted,
           surface_seule_ha as ha, surface_territoire_ha as whole
    from natural_areas
)
select m.territory,
       case when count(*) filter (where k.counted and k.ha is null) = 0
            then 100.0 * coalesce(sum(k.ha) filter (where k.counted), 0) / max(k.whole) end as value
from members m
join kept k on k.territory = m.member
group by m.territory

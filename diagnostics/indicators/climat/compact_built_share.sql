/*
title: Part de la commune en bâti compact
unit: "%"
precision: 1
datasets: [local_climate_zones]
reading: "Part de la surface couverte de bâtiments serrés, où la chaleur s'évacue mal la nuit (zones climatiques locales 1, 2 et 3)."
source: Zones climatiques locales (Cerema)
higher_is: pire
plausible: [0, 100]
levels: [commune]
caveats:
- La zone décrit la forme de la ville, elle ne mesure pas une température.
- La source ne couvre que les grandes aires urbaines.
examples:
- says: les trois classes compactes s'additionnent
  given:
    local_climate_zones:
    - {territory: "99001", lcz: "1", part_pct: 2}
    - {territory: "99001", lcz: "3", part_pct: 10.5}
    - {territory: "99001", lcz: "D", part_pct: 87.5}
  expect: {"99001": 12.5, "99002": null}
- says: une commune sans classe compacte en a zéro, une part inconnue n'est pas zéro
  given:
    local_climate_zones:
    - {territory: "99001", lcz: "6", part_pct: 40}
    - {territory: "99001", lcz: "A", part_pct: 60}
    - {territory: "99002", lcz: "2", part_pct: null}
    - {territory: "99002", lcz: "A", part_pct: 60}
  expect: {"99001": 0, "99002": null}
*/
select m.territory,
       case when count(*) = count(z.part_pct)
            then coalesce(sum(z.part_pct) filter (where z.lcz in ('1', '2', '3')), 0) end as value
from members m
join local_climate_zones z on z.territory = m.member and m.member = m.territory
group by m.territory

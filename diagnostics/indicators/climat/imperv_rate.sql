/*
title: Taux d'imperméabilisation des îlots
unit: "%"
precision: 0
datasets: [impervious_surfaces]
reading: Surface imperméable rapportée à la surface des îlots relevés.
source: Relevé local des surfaces imperméables
higher_is: pire
plausible: [0, 100]
levels: [commune]
caveats:
- Îlots bâtis seulement, pas la commune entière.
examples:
- says: les îlots pèsent selon leur surface
  given:
    impervious_surfaces:
    - {territory: "99001", surface_m2: 1000, part_impermeable: 0.9}
    - {territory: "99001", surface_m2: 3000, part_impermeable: 0.5}
  expect: {"99001": 60}
- says: un îlot sans mesure ne compte ni en haut ni en bas
  given:
    impervious_surfaces:
    - {territory: "99002", surface_m2: 1000, part_impermeable: null}
    - {territory: "99003", surface_m2: 1000, part_impermeable: null}
    - {territory: "99003", surface_m2: 1000, part_impermeable: 0.2}
  expect: {"99002": null, "99003": 20}
*/
select m.territory,
       100.0 * sum(i.surface_m2 * i.part_impermeable)
       / nullif(sum(i.surface_m2) filter (where i.part_impermeable is not null), 0) as value
from members m
join impervious_surfaces i on i.territory = m.member
group by m.territory

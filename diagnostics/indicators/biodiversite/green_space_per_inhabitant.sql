/*
title: Espaces verts publics par habitant
unit: m²/habitant
precision: 1
datasets: [green_spaces, municipalities]
reading: Surface des parcs et jardins publics de la commune, divisée par sa population.
source: Espaces verts de la commune ; population légale (Insee)
higher_is: mieux
plausible: [0, 2000]
levels: [commune]
caveats:
- Ne dit rien de la distance à pied, ni de l'ombre.
examples:
- says: des hectares devenus mètres carrés par habitant
  given:
    green_spaces: [{territory: "99001", surface_ha: 1.5}, {territory: "99001", surface_ha: 0.5}]
    municipalities: [{territory: "99001", population: 1000}]
  expect: {"99001": 20.0}
- says: une surface inconnue rend la somme inconnue
  given:
    green_spaces: [{territory: "99002", surface_ha: 1.5}, {territory: "99002", surface_ha: null}]
    municipalities: [{territory: "99002", population: 1000}, {territory: "99003", population: 10}]
  expect: {"99002": null, "99003": null}
*/
with areas as (
    select territory, case when count(*) = count(surface_ha) then sum(surface_ha) end as hectares
    from green_spaces
    group by territory
)
select m.territory, 10000.0 * a.hectares / nullif(p.population, 0) as value
from members m
join areas a on a.territory = m.member
join municipalities p on p.territory = m.member

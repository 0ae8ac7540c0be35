/*
title: Surface en friche sans projet
unit: ha
precision: 1
datasets: [brownfields]
reading: Somme des unités foncières recensées comme « friche sans projet ».
source: Inventaire local des friches
higher_is: pire
plausible: [0, 5000]
levels: [commune, epci]
partial: true
caveats:
- Dépend de l'inventaire ; une commune sans friche recensée peut ne pas avoir été visitée.
examples:
- says: des mètres carrés devenus hectares, seules les friches sans projet
  members: {"99001": ["99001"], "999000001": ["99001", "99002"]}
  given:
    brownfields:
    - {territory: "99001", site_statut: friche sans projet, unite_fonciere_surface: 15000}
    - {territory: "99001", site_statut: Friche avec projet, unite_fonciere_surface: 50000}
    - {territory: "99002", site_statut: Friche sans projet, unite_fonciere_surface: 5000}
  expect: {"99001": 1.5, "999000001": 2.0}
- says: que des friches avec projet font zéro, une surface inconnue rend la somme inconnue
  given:
    brownfields:
    - {territory: "99001", site_statut: friche avec projet, unite_fonciere_surface: 50000}
    - {territory: "99003", site_statut: friche sans projet, unite_fonciere_surface: null}
    - {territory: "99003", site_statut: friche sans projet, unite_fonciere_surface: 10}
  expect: {"99001": 0, "99003": null, "99004": null}
*/
with idle as (
    select territory, lower(site_statut) = 'friche sans projet' as kept, unite_fonciere_surface as m2
    from brownfields
)
select m.territory,
       case when count(*) filter (where i.kept and i.m2 is null) = 0
            then coalesce(sum(i.m2) filter (where i.kept), 0) / 10000.0 end as value
from members m
join idle i on i.territory = m.member
group by m.territory

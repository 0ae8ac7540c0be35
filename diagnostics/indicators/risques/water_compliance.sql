/*
title: Part des prélèvements d'eau potable conformes
unit: "%"
precision: 0
datasets: [drinking_water_quality]
reading: Sur 100 prélèvements des douze mois qui finissent au dernier connu, combien respectent les limites de qualité (bactéries et chimie).
source: Résultats du contrôle sanitaire de l'eau potable (ministère chargé de la santé)
higher_is: mieux
plausible: [0, 100]
levels: [commune, epci]
caveats:
- Un prélèvement pour lequel la source ne dit ni oui ni non (sans objet, dérogation) n'est pas compté.
- Peu de prélèvements dans une petite commune ; un seul écart y pèse beaucoup.
examples:
- says: un seul écart, de bactéries ou de chimie, rend le prélèvement non conforme
  given:
    drinking_water_quality:
    - {territory: "99001", date_prelevement: "2026-01-10", conforme_bacteriologie: true, conforme_chimie: true}
    - {territory: "99001", date_prelevement: "2026-02-10", conforme_bacteriologie: true, conforme_chimie: false}
    - {territory: "99001", date_prelevement: "2026-03-10", conforme_bacteriologie: true, conforme_chimie: null}
    - {territory: "99001", date_prelevement: "2026-04-10", conforme_bacteriologie: false, conforme_chimie: null}
  expect: {"99001": {value: 50, vintage: "2026"}}
- says: sans un oui ni un non, il n'y a pas de part ; un prélèvement ancien ne compte pas
  given:
    drinking_water_quality:
    - {territory: "99002", date_prelevement: "2024-02-10", conforme_bacteriologie: true, conforme_chimie: true}
    - {territory: "99002", date_prelevement: "2026-02-10", conforme_bacteriologie: null, conforme_chimie: null}
  expect: {"99002": null, "99003": null}
*/
with dated as (
    select m.territory, q.date_prelevement,
           coalesce(q.conforme_bacteriologie, q.conforme_chimie) is not null as told,
           coalesce(q.conforme_bacteriologie, true) and coalesce(q.conforme_chimie, true) as good,
           max(q.date_prelevement) over (partition by m.territory) as last_day
    from members m
    join drinking_water_quality q on q.territory = m.member
)
select territory,
       100.0 * count(*) filter (told and good) / nullif(count(*) filter (told), 0) as value,
       max(year(last_day)) as vintage
from dated
where date_prelevement > last_day - interval 1 year
group by territory

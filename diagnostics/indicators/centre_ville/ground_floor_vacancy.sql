/*
title: Vacance des rez-de-chaussée
unit: "%"
precision: 0
datasets: [ground_floor_units]
reading: Sur 100 locaux relevés en rez-de-chaussée, combien étaient vacants au dernier relevé.
source: Relevé de terrain de la commune
higher_is: pire
plausible: [0, 100]
levels: [commune]
caveats:
- Dépend du périmètre et de la date du relevé ; un local vide le jour du passage peut être entre deux baux.
examples:
- says: le dernier relevé seulement, états connus seulement
  given:
    ground_floor_units:
    - {territory: "99001", annee_releve: 2025, etat: vacant}
    - {territory: "99001", annee_releve: 2026, etat: vacant}
    - {territory: "99001", annee_releve: 2026, etat: Occupé}
    - {territory: "99001", annee_releve: 2026, etat: occupé}
    - {territory: "99001", annee_releve: 2026, etat: occupé}
    - {territory: "99001", annee_releve: 2026, etat: null}
  expect: {"99001": {value: 25, vintage: "2026"}}
- says: un relevé sans local vacant est un zéro, sans état il ne dit rien
  given:
    ground_floor_units:
    - {territory: "99002", annee_releve: 2026, etat: occupé}
    - {territory: "99003", annee_releve: 2026, etat: null}
  expect: {"99002": 0, "99003": null, "99004": null}
*/
with latest as (
    select * from ground_floor_units
    qualify annee_releve = max(annee_releve) over (partition by territory)
)
select m.territory,
       100.0 * count(*) filter (where lower(l.etat) = 'vacant') / nullif(count(l.etat), 0) as value,
       max(l.annee_releve) as vintage
from members m
join latest l on l.territory = m.member
group by m.territory

/*
title: "Nitrates dans l'eau du robinet, plus forte mesure de l'année"
unit: mg/l
precision: 1
datasets: [drinking_water_quality]
reading: La plus forte teneur mesurée dans les douze mois qui finissent au dernier prélèvement connu ; la limite de qualité est de 50 mg/l.
source: Résultats du contrôle sanitaire de l'eau potable (ministère chargé de la santé)
higher_is: pire
plausible: [0, 500]
levels: [commune, epci]
caveats:
- Prélèvements faits dans la commune ; le même réseau peut être contrôlé ailleurs.
- Une teneur trop faible pour être mesurée n'est pas un zéro et n'entre pas ici.
examples:
- says: la plus forte des douze derniers mois, pas celle d'avant, ni la dernière
  given:
    drinking_water_quality:
    - {territory: "99001", date_prelevement: "2024-01-10", nitrates_mg_l: 61}
    - {territory: "99001", date_prelevement: "2025-09-10", nitrates_mg_l: 31.5}
    - {territory: "99001", date_prelevement: "2026-05-10", nitrates_mg_l: 22}
    - {territory: "99001", date_prelevement: "2026-06-10", nitrates_mg_l: null}
  expect: {"99001": {value: 31.5, vintage: "2026"}}
- says: jamais mesurés, ou sous le seuil, ne font pas zéro
  given:
    drinking_water_quality:
    - {territory: "99002", date_prelevement: "2026-05-10", nitrates_mg_l: null}
  expect: {"99002": null, "99003": null}
- says: l'eau d'une agglomération est celle de sa commune la plus chargée
  members: {"990000001": ["99004", "99005"]}
  given:
    drinking_water_quality:
    - {territory: "99004", date_prelevement: "2026-05-10", nitrates_mg_l: 12}
    - {territory: "99005", date_prelevement: "2026-01-10", nitrates_mg_l: 40}
  expect: {"990000001": 40}
*/
with dated as (
    select m.territory, q.date_prelevement, q.nitrates_mg_l,
           max(q.date_prelevement) over (partition by m.territory) as last_day
    from members m
    join drinking_water_quality q on q.territory = m.member
)
select territory, max(nitrates_mg_l) as value, max(year(last_day)) as vintage
from dated
where date_prelevement > last_day - interval 1 year
group by territory

/*
title: Logements privés vacants depuis plus de deux ans
unit: "%"
precision: 1
datasets: [housing_vacancy]
reading: Sur 100 logements privés, combien sont vacants depuis plus de deux ans.
source: LOVAC (Cerema, DGFiP)
higher_is: pire
plausible: [0, 100]
levels: [commune, epci]
caveats:
- Commune entière ; en dessous de onze logements, la source garde le chiffre secret.
examples:
- says: la dernière année connue
  members: {"99001": ["99001"], "999000001": ["99001", "99002"]}
  given:
    housing_vacancy:
    - {territory: "99001", annee: 2024, logements_prives: 1000, vacants_plus_2_ans: 90, secret_statistique: false}
    - {territory: "99001", annee: 2025, logements_prives: 1000, vacants_plus_2_ans: 60, secret_statistique: false}
    - {territory: "99002", annee: 2025, logements_prives: 1000, vacants_plus_2_ans: 20, secret_statistique: false}
  expect: {"99001": {value: 6.0, vintage: "2025"}, "999000001": 4.0}
- says: l'année dont le nombre total de logements n'est pas encore connu attend
  given:
    housing_vacancy:
    - {territory: "99001", annee: 2025, logements_prives: 1000, vacants_plus_2_ans: 60, secret_statistique: false}
    - {territory: "99001", annee: 2026, logements_prives: null, vacants_plus_2_ans: 55, secret_statistique: false}
  expect: {"99001": {value: 6.0, vintage: "2025"}}
- says: un chiffre secret reste secret, y compris dans une somme
  members: {"99003": ["99003"], "999000001": ["99001", "99003"]}
  given:
    housing_vacancy:
    - {territory: "99001", annee: 2025, logements_prives: 1000, vacants_plus_2_ans: 60, secret_statistique: false}
    - {territory: "99003", annee: 2025, logements_prives: 100, vacants_plus_2_ans: null, secret_statistique: true}
  expect: {"99003": {value: null, absence: secret}, "999000001": {value: null, absence: secret}}
*/
with latest as (
    select * from housing_vacancy
    where logements_prives is not null
    qualify annee = max(annee) over (partition by territory)
)
select m.territory,
       case when count(*) = count(l.vacants_plus_2_ans)
            then 100.0 * sum(l.vacants_plus_2_ans) / nullif(sum(l.logements_prives), 0) end as value,
       max(l.annee) as vintage,
       case when bool_or(l.secret_statistique) then 'secret' end as absence
from members m
join latest l on l.territory = m.member
group by m.territory

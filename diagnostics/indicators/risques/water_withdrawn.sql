/*
title: Eau prélevée sur place pour l'eau potable
unit: m³
precision: 0
datasets: [water_abstractions]
reading: Volume prélevé dans le territoire pour produire de l'eau potable, la dernière année connue.
source: Banque nationale des prélèvements en eau (OFB, agences de l'eau)
higher_is: neutre
plausible: [0, 2000000000]
levels: [commune]
compared: false
caveats:
- L'eau bue ici peut être prélevée ailleurs, et l'eau prélevée ici bue ailleurs.
- Volumes déclarés ; deux à trois ans de retard. Si un ouvrage ne dit pas le sien, il n'y a pas de total.
examples:
- says: les ouvrages de la dernière année s'additionnent, pour ce seul usage
  given:
    water_abstractions:
    - {territory: "99001", ouvrage: a, usage: eau potable, annee: 2022, volume_m3: 900}
    - {territory: "99001", ouvrage: a, usage: eau potable, annee: 2023, volume_m3: 1000}
    - {territory: "99001", ouvrage: b, usage: eau potable, annee: 2023, volume_m3: 500}
    - {territory: "99001", ouvrage: c, usage: industrie, annee: 2023, volume_m3: 7000}
  expect: {"99001": {value: 1500, vintage: "2023"}}
- says: un volume non dit n'est pas zéro ; sans ouvrage d'eau potable, pas de chiffre
  given:
    water_abstractions:
    - {territory: "99002", ouvrage: a, usage: eau potable, annee: 2023, volume_m3: null}
    - {territory: "99002", ouvrage: b, usage: eau potable, annee: 2023, volume_m3: 70}
    - {territory: "99003", ouvrage: a, usage: irrigation, annee: 2023, volume_m3: 40}
  expect: {"99002": {value: null, vintage: "2023"}, "99003": null}
*/
with latest as (
    select m.territory, w.annee, w.volume_m3
    from members m
    join water_abstractions w on w.territory = m.member
    where w.usage = 'eau potable'
    qualify w.annee = max(w.annee) over (partition by m.territory)
)
select territory,
       case when count(*) = count(volume_m3) then sum(volume_m3) end as value, max(annee) as vintage
from latest
group by territory

/*
title: Début du dernier événement reconnu CatNat
unit: date
precision: 0
datasets: [risk_figures]
reading: Premier jour du dernier événement reconnu, et non date de l'arrêté.
source: Base GASPAR (ministère de la Transition écologique, Géorisques)
higher_is: neutre
plausible: ["1982-01-01", "2100-01-01"]
levels: [commune]
caveats:
- Une sécheresse compte à partir de son premier jour ; la reconnaissance arrive bien plus tard.
- Une date ancienne peut vouloir dire peu d'événements ou peu de demandes.
examples:
- says: la date lue, au format ISO
  given:
    risk_figures:
    - {territory: "99001", item: catnat_last, date_or_period: "2023-06-20", value: "2023-06-20"}
  expect: {"99001": "2023-06-20"}
- says: une date illisible est une absence
  given:
    risk_figures:
    - {territory: "99002", item: catnat_last, date_or_period: "20/06", value: "20/06"}
  expect: {"99002": null, "99003": null}
*/
select m.territory, max(try_cast(r.date_or_period as date)) as value
from members m
join risk_figures r on r.territory = m.member
where r.item = 'catnat_last'
group by m.territory

/*
title: Début du dernier événement CatNat (GASPAR)
unit: date
precision: 0
datasets: [catnat_orders]
reading: Premier jour du dernier événement reconnu, et non date de l'arrêté.
source: Base GASPAR (ministère de la Transition écologique, Géorisques)
higher_is: neutre
plausible: ["1950-01-01", "2100-01-01"]
levels: [commune, epci, departement, region]
caveats:
- Une sécheresse compte à partir de son premier jour ; la reconnaissance arrive bien plus tard.
- Sans objet là où GASPAR ne connaît aucune reconnaissance.
examples:
- says: la date de début la plus récente
  given:
    catnat_orders:
    - {territory: "99001", date_debut: "2021-06-01", date_arrete: "2023-01-01"}
    - {territory: "99001", date_debut: "2022-07-01", date_arrete: "2022-12-01"}
  expect: {"99001": "2022-07-01"}
- says: sans reconnaissance, il n'y a pas de dernier événement
  given:
    catnat_orders:
    - {territory: "99002", date_debut: null}
  expect: {"99002": {absence: not_applicable}, "99003": {absence: not_applicable}}
*/
select m.territory, max(c.date_debut) as value,
       case when max(c.date_debut) is null then 'not_applicable' end as absence
from members m
left join catnat_orders c on c.territory = m.member
group by m.territory

/*
title: Événements CatNat distincts
unit: événements
precision: 0
datasets: [catnat_orders]
reading: Nombre de dates de début différentes parmi les reconnaissances depuis 1982, tous périls confondus.
source: Base GASPAR (ministère de la Transition écologique, Géorisques)
higher_is: neutre
plausible: [0, 20000]
levels: [commune, epci, departement, region]
caveats:
- Deux périls commencés le même jour font un seul événement ; un épisode daté différemment selon les communes en fait plusieurs.
- Zéro veut dire « aucune reconnaissance dans GASPAR », jamais « non exposée ».
examples:
- says: deux périls le même jour font un événement, dans la commune comme dans l'intercommunalité
  members: {"99001": ["99001"], "999000001": ["99001", "99002"]}
  given:
    catnat_orders:
    - {territory: "99001", id_gaspar: A1, num_risque: ICB, date_debut: "1999-12-25"}
    - {territory: "99001", id_gaspar: A1, num_risque: MVT, date_debut: "1999-12-25"}
    - {territory: "99001", id_gaspar: A2, num_risque: SEC, date_debut: "2022-07-01"}
    - {territory: "99002", id_gaspar: A1, num_risque: ICB, date_debut: "1999-12-25"}
  expect: {"99001": 2, "999000001": 2}
- says: aucune ligne est un zéro ; une ligne sans date ne fait pas un événement
  given:
    catnat_orders:
    - {territory: "99003", id_gaspar: A3, num_risque: ICB, date_debut: null}
  expect: {"99003": 0, "99004": 0}
*/
select m.territory, count(distinct c.date_debut) as value
from members m
left join catnat_orders c on c.territory = m.member
group by m.territory

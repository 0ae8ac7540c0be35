/*
title: Plans de prévention {state}
unit: plans
precision: 0
datasets: [prevention_plans]
reading: Plans de prévention des risques naturels, miniers et technologiques {state} ; un plan compte une fois.
source: Base GASPAR (ministère de la Transition écologique, Géorisques)
higher_is: neutre
plausible: [0, 3000]
compared: false
partial: true
levels: [commune, epci, departement, region]
variants:
  approved: {label: "^(approuv|opposable)", state: approuvés}
  prescribed: {label: "^prescrit", state: prescrits}
caveats:
- Un plan prescrit à côté d'un plan approuvé peut être sa révision.
- Une commune absente du fichier n'a pas de chiffre ; cela ne prouve ni qu'aucun plan n'existe, ni qu'elle n'est pas exposée.
examples:
- says: approuvé ou opposable ; un plan partagé par deux communes compte une fois dans leur intercommunalité
  members: {"99001": ["99001"], "999000001": ["99001", "99002"]}
  variant: approved
  given:
    prevention_plans:
    - {territory: "99001", id_gaspar: P1, procedure: PPRi A, state: Approuvé}
    - {territory: "99001", id_gaspar: P1, procedure: PPRi A, state: Approuvé}
    - {territory: "99001", id_gaspar: P2, procedure: PPRi B, state: Prescrit}
    - {territory: "99002", id_gaspar: P1, procedure: PPRi A, state: Approuvé}
    - {territory: "99002", id_gaspar: P4, procedure: PPRT D, state: Opposable}
  expect: {"99001": 1, "999000001": 2}
- says: un état inconnu ne compte pas, une commune sans ligne est absente
  variant: prescribed
  given:
    prevention_plans:
    - {territory: "99001", id_gaspar: P1, procedure: PPRi A, state: null}
    - {territory: "99001", id_gaspar: P2, procedure: PPRi B, state: PRESCRIT}
    - {territory: "99001", id_gaspar: P3, procedure: PPRi C, state: Caduque}
  expect: {"99001": 1, "99002": null}
*/
select m.territory,
       count(distinct coalesce(p.id_gaspar, p.procedure)) filter (
           where regexp_matches(strip_accents(lower(p.state)), $label)
       ) as value
from members m
join prevention_plans p on p.territory = m.member
group by m.territory

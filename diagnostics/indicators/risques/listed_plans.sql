/*
title: Plans de prévention {state} (copie de GASPAR)
unit: plans
precision: 0
datasets: [risk_figures]
reading: Plans de prévention des risques naturels ou technologiques {state}, tels que la copie les nomme.
source: Base GASPAR (ministère de la Transition écologique, Géorisques)
higher_is: neutre
plausible: [0, 50]
compared: false
levels: [commune]
variants:
  approved: {label: Approuvé, state: approuvés}
  prescribed: {label: Prescrit, state: prescrits}
caveats:
- Les plans miniers et les plans caducs ne sont pas dans cette copie.
- Un plan prescrit à côté d'un plan approuvé peut être sa révision.
examples:
- says: les plans approuvés, naturels et technologiques
  variant: approved
  given:
    risk_figures:
    - {territory: "99001", item: pprn, label: PPRi A, value: Approuvé}
    - {territory: "99001", item: pprn, label: PPRi B, value: Prescrit}
    - {territory: "99001", item: pprt, label: PPRT C, value: Approuvé}
    - {territory: "99001", item: pprt, label: PPRT C, value: Approuvé}
  expect: {"99001": 2}
- says: une commune lue sans plan prescrit en compte zéro, une commune non lue n'a pas de ligne
  variant: prescribed
  given:
    risk_figures:
    - {territory: "99001", item: pprn, label: PPRi A, value: Approuvé}
  expect: {"99001": 0, "99002": null}
*/
select m.territory,
       count(distinct (r.item, r.label)) filter (
           where r.item in ('pprn', 'pprt') and r.value = $label
       ) as value
from members m
join risk_figures r on r.territory = m.member
group by m.territory

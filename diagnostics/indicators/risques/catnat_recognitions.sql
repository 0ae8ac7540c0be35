/*
title: Reconnaissances CatNat depuis le 24/09/1996
unit: reconnaissances
precision: 0
datasets: [risk_figures]
reading: "Une reconnaissance est un arrêté pour un péril et une date de début : ce n'est pas un nombre de catastrophes."
source: Base GASPAR (ministère de la Transition écologique, Géorisques)
higher_is: neutre
plausible: [0, 300]
levels: [commune]
caveats:
- Un même événement compte autant de fois qu'il a de périls reconnus ; la tempête de décembre 1999 en compte deux ou trois.
- Les arrêtés de 1982 à septembre 1996 ne sont pas dans cette copie.
- "La reconnaissance suit l'événement de plusieurs mois : les dernières années sont toujours incomplètes."
- Peu de reconnaissances peut vouloir dire peu de demandes.
examples:
- says: le nombre lu dans la copie
  given:
    risk_figures:
    - {territory: "99001", item: catnat_count, value: "12"}
    - {territory: "99001", item: ddrm_risk, value: "1"}
  expect: {"99001": 12}
- says: un zéro lu est un zéro, un texte illisible ou une ligne absente n'en est pas un
  given:
    risk_figures:
    - {territory: "99002", item: catnat_count, value: "0"}
    - {territory: "99003", item: catnat_count, value: "douze"}
    - {territory: "99004", item: pprn, value: Approuvé}
  expect: {"99002": 0, "99003": null, "99004": null}
*/
select m.territory, max(try_cast(r.value as integer)) as value
from members m
join risk_figures r on r.territory = m.member
where r.item = 'catnat_count'
group by m.territory

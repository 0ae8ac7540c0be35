/*
title: Familles de risques citées au DDRM
unit: familles
precision: 0
datasets: [risk_figures]
reading: Nombre de grandes familles de risques que le dossier départemental (DDRM) cite pour la commune.
source: Base GASPAR (ministère de la Transition écologique, Géorisques)
higher_is: neutre
plausible: [0, 20]
compared: false
levels: [commune]
caveats:
- Les habitudes diffèrent d'un département à l'autre ; ce nombre ne mesure pas une exposition et ne se compare pas.
- Les sous-types (retrait-gonflement des argiles, submersion marine) manquent dans cette copie, ce qui peut cacher une famille.
- Une famille absente du DDRM ne veut pas dire « non exposée ».
notes:
  "46042": "À vérifier : un plan de prévention des inondations est approuvé, et « Inondation » manque à la liste lue, dont les sous-types ont été perdus."
  "62765": "À vérifier : un plan de prévention des inondations est approuvé, et « Inondation » manque à la liste lue, dont les sous-types ont été perdus."
examples:
- says: une famille compte une fois
  given:
    risk_figures:
    - {territory: "99001", item: ddrm_risk, label: Inondation, value: "1"}
    - {territory: "99001", item: ddrm_risk, label: Séisme, value: "1"}
    - {territory: "99001", item: ddrm_risk, label: Séisme, value: "1"}
  expect: {"99001": 2}
- says: une commune dont la copie ne cite aucune famille n'est pas « sans risque »
  given:
    risk_figures:
    - {territory: "99002", item: catnat_count, value: "3"}
  expect: {"99002": null, "99003": null}
*/
select m.territory, count(distinct r.label) as value
from members m
join risk_figures r on r.territory = m.member
where r.item = 'ddrm_risk'
group by m.territory

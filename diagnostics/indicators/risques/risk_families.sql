/*
title: Familles de risques recensées (GASPAR)
unit: familles
precision: 0
datasets: [risk_records]
reading: Nombre de familles de risques que GASPAR cite pour le territoire, sous-types rattachés à leur famille.
source: Base GASPAR (ministère de la Transition écologique, Géorisques)
higher_is: neutre
plausible: [0, 20]
compared: false
partial: true
levels: [commune, epci, departement, region]
caveats:
- Les habitudes diffèrent d'un département à l'autre ; ce nombre ne mesure pas une exposition et ne se compare pas.
- Une famille absente ne veut pas dire « non exposée ».
examples:
- says: un sous-type compte pour sa famille, une seule fois
  given:
    risk_records:
    - {territory: "99001", num_risque: "11", lib_risque: Inondation}
    - {territory: "99001", num_risque: "117", lib_risque: Par submersion marine}
    - {territory: "99001", num_risque: "127", lib_risque: Tassements différentiels}
  expect: {"99001": 2}
- says: une commune sans ligne n'est pas « sans risque »
  given:
    risk_records:
    - {territory: "99002", num_risque: null, lib_risque: null}
  expect: {"99002": null, "99003": null}
*/
select m.territory, count(distinct left(r.num_risque, 2)) as value
from members m
join risk_records r on r.territory = m.member
where r.num_risque is not null
group by m.territory

/*
title: Reconnaissances CatNat, {peril}
unit: reconnaissances
precision: 0
datasets: [catnat_orders]
reading: Depuis 1982. Une reconnaissance est un arrêté pour un péril, une commune et une date de début ; ce n'est pas un nombre de catastrophes.
source: Base GASPAR (ministère de la Transition écologique, Géorisques)
higher_is: neutre
plausible: [0, 300000]
levels: [commune, epci, departement, region]
variants:
  all: {family: all, peril: tous périls}
  flood: {family: flood, peril: inondations et coulées de boue}
  drought: {family: drought, peril: sécheresses}
  ground: {family: ground, peril: mouvements de terrain}
  other: {family: other, peril: autres périls}
caveats:
- Un même événement compte autant de fois qu'il a de périls reconnus et, pour une intercommunalité, de communes touchées.
- Zéro veut dire « aucune reconnaissance dans GASPAR », jamais « non exposée ».
- La reconnaissance suit l'événement de plusieurs mois ; les dernières années sont toujours incomplètes.
examples:
- says: l'arrêté, le péril et la date de début font l'unité ; une ligne en double ne compte qu'une fois
  members: {"99001": ["99001"], "99003": ["99003"], "999000001": ["99001", "99002"]}
  variant: all
  given:
    catnat_orders:
    - {territory: "99001", id_gaspar: A1, num_risque: ICB, lib_risque: Inondations et/ou Coulées de Boue, date_debut: "2021-06-01"}
    - {territory: "99001", id_gaspar: A1, num_risque: ICB, lib_risque: Inondations et/ou Coulées de Boue, date_debut: "2021-06-01"}
    - {territory: "99001", id_gaspar: A2, num_risque: SEC, lib_risque: Sécheresse, date_debut: "2022-07-01"}
    - {territory: "99002", id_gaspar: A1, num_risque: ICB, lib_risque: Inondations et/ou Coulées de Boue, date_debut: "2021-06-01"}
  expect: {"99001": 2, "99003": 0, "999000001": 3}
- says: un libellé sans accent, en capitales ou inconnu trouve sa famille
  variant: other
  given:
    catnat_orders:
    - {territory: "99001", id_gaspar: A1, lib_risque: SECHERESSE, date_debut: "2022-07-01"}
    - {territory: "99001", id_gaspar: A2, lib_risque: "'; drop table members; --", date_debut: "2022-07-01"}
    - {territory: "99001", id_gaspar: A3, lib_risque: null, date_debut: null}
    - {territory: "99001", id_gaspar: A4, lib_risque: Éboulement et/ou Chute de Blocs, date_debut: "2010-01-01"}
  expect: {"99001": 2, "99002": 0}
*/
with recognitions as (
    select distinct territory, id_gaspar, num_risque, lib_risque, date_debut,
           strip_accents(lower(lib_risque)) as peril
    from catnat_orders
),
families as (
    select *,
           case when peril similar to '.*(inondation|coulee|nappe|submersion|raz de maree).*' then 'flood'
                when peril similar to '.*(secheresse|differentiel|rehydratation).*' then 'drought'
                when peril similar to '.*(mouvement|glissement|eboulement|bloc|effondrement|affais|lave).*' then 'ground'
                else 'other' end as family
    from recognitions
)
select m.territory,
       count(f.territory) filter (where $family in ('all', f.family)) as value
from members m
left join families f on f.territory = m.member
group by m.territory

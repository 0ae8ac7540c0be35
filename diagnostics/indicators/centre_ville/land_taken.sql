/*
title: Espaces consommés par an, moyenne sur dix ans
unit: ha/an
precision: 1
datasets: [land_take]
reading: Chaque année, en moyenne sur les dix dernières années connues, combien d'hectares de terres agricoles, naturelles ou boisées sont devenus des espaces urbanisés.
source: Cerema, fichiers fonciers (portail de l'artificialisation)
higher_is: pire
plausible: [0, 500]
compared: false
levels: [commune, epci]
caveats:
- La dernière année est provisoire et sous-estimée ; rien n'est déduit pour les terres rendues à la nature.
- Un nombre d'hectares dépend de l'étendue de la commune et ne se compare pas d'une ville à l'autre.
examples:
- says: la moyenne des dix dernières années, tous usages additionnés
  given:
    land_take:
    - {territory: "99001", annee: 2014, habitat_ha: 90.0, activite_ha: 0.0, autre_ha: 0.0}
    - {territory: "99001", annee: 2015, habitat_ha: 2.0, activite_ha: 1.0, autre_ha: 0.0}
    - {territory: "99001", annee: 2016, habitat_ha: 1.0, activite_ha: 0.0, autre_ha: 0.0}
    - {territory: "99001", annee: 2017, habitat_ha: 1.0, activite_ha: 0.0, autre_ha: 0.0}
    - {territory: "99001", annee: 2018, habitat_ha: 1.0, activite_ha: 0.0, autre_ha: 0.0}
    - {territory: "99001", annee: 2019, habitat_ha: 1.0, activite_ha: 0.0, autre_ha: 0.0}
    - {territory: "99001", annee: 2020, habitat_ha: 1.0, activite_ha: 0.0, autre_ha: 0.0}
    - {territory: "99001", annee: 2021, habitat_ha: 1.0, activite_ha: 0.0, autre_ha: 0.0}
    - {territory: "99001", annee: 2022, habitat_ha: 1.0, activite_ha: 0.0, autre_ha: 0.0}
    - {territory: "99001", annee: 2023, habitat_ha: 1.0, activite_ha: 0.0, autre_ha: 0.0}
    - {territory: "99001", annee: 2024, habitat_ha: 1.0, activite_ha: 0.0, autre_ha: 8.0}
  expect: {"99001": {value: 2.0, vintage: "2015-2024"}}
- says: moins de dix années connues ne font pas une moyenne sur dix ans
  given:
    land_take:
    - {territory: "99002", annee: 2024, habitat_ha: 1.0, activite_ha: 0.0, autre_ha: 0.0}
  expect: {"99002": {absence: not_applicable}}
*/
with recent as (
    select territory, annee, habitat_ha + activite_ha + autre_ha as taken
    from land_take
    qualify annee > max(annee) over (partition by territory) - 10
),
means as (
    select territory, case when count(taken) = 10 then avg(taken) end as yearly,
           count(*) < 10 as short, min(annee) as first_year, max(annee) as last_year
    from recent
    group by territory
)
select m.territory,
       case when count(*) = count(t.yearly) then sum(t.yearly) end as value,
       min(t.first_year) || '-' || max(t.last_year) as vintage,
       case when bool_or(t.short) then 'not_applicable' end as absence
from members m
left join means t on t.territory = m.member
group by m.territory
having count(t.territory) > 0

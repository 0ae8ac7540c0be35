/*
title: Part des 65 ans et plus
unit: "%"
precision: 1
datasets: [iris_population]
reading: Sur 100 habitants, combien ont 65 ans ou plus.
source: Insee, recensement de la population 2021 par IRIS
higher_is: neutre
plausible: [0, 100]
levels: [commune, epci, departement, region]
caveats:
- Effectifs arrondis à l'unité par IRIS ; les chiffres d'un petit territoire sont fragiles.
examples:
- says: les IRIS d'une commune s'additionnent avant de diviser, ceux d'une intercommunalité aussi
  members: {"99001": ["99001"], "999000001": ["99001", "99002"]}
  given:
    iris_population:
    - {territory: "99001", iris: "990010101", pop: 300, pop_65p: 30}
    - {territory: "99001", iris: "990010102", pop: 100, pop_65p: 50}
    - {territory: "99002", iris: "990020000", pop: 400, pop_65p: 120}
  expect: {"99001": 20.0, "999000001": 25.0}
- says: un dénominateur nul rend le chiffre sans objet, une case vide le rend absent
  given:
    iris_population:
    - {territory: "99003", iris: "990030000", pop: 0, pop_65p: 0}
    - {territory: "99004", iris: "990040101", pop: 100, pop_65p: null}
    - {territory: "99004", iris: "990040102", pop: 100, pop_65p: 10}
  expect: {"99003": {absence: not_applicable}, "99004": null, "99005": null}
*/
select m.territory,
       case when count(*) = count(i.pop_65p) and count(*) = count(i.pop)
            then 100.0 * sum(i.pop_65p) / nullif(sum(i.pop), 0) end as value,
       case when sum(i.pop) = 0 then 'not_applicable' end as absence
from members m
join iris_population i on i.territory = m.member
group by m.territory

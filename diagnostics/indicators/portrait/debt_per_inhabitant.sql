/*
title: Dette de la commune par habitant
unit: "€/hab."
precision: 0
datasets: [municipal_finances]
reading: Ce que la commune doit encore rembourser, divisé par son nombre d'habitants, au dernier exercice connu.
source: OFGL, comptes des communes
higher_is: neutre
plausible: [0, 50000]
levels: [commune]
caveats:
- Budget principal et budgets annexes de la commune, sans ceux de son intercommunalité ; les comparaisons dépendent des compétences transférées.
examples:
- says: le dernier exercice connu, et la seule dette
  given:
    municipal_finances:
    - {territory: "99001", annee: 2023, agregat: Encours de dette, montant: 900000, euros_par_habitant: 900, population: 1000}
    - {territory: "99001", annee: 2024, agregat: Encours de dette, montant: 800000, euros_par_habitant: 800, population: 1000}
    - {territory: "99001", annee: 2024, agregat: Epargne brute, montant: 100000, euros_par_habitant: 100, population: 1000}
  expect: {"99001": {value: 800, vintage: "2024"}}
- says: sans ligne de dette, rien n'est dit ; ce n'est pas une dette nulle
  given:
    municipal_finances:
    - {territory: "99002", annee: 2024, agregat: Epargne brute, montant: 100000, euros_par_habitant: 100, population: 1000}
  expect: {"99002": null}
*/
with latest as (
    select * from municipal_finances
    where agregat = 'Encours de dette'
    qualify annee = max(annee) over (partition by territory)
)
select m.territory, l.euros_par_habitant as value, l.annee as vintage
from members m
join latest l on l.territory = m.member

/*
title: Taux d'épargne brute de la commune
unit: "%"
precision: 1
datasets: [municipal_finances]
reading: Sur 100 € de recettes courantes, combien restent une fois payées les dépenses courantes, pour rembourser la dette et investir.
source: OFGL, comptes des communes
higher_is: mieux
plausible: [-100, 100]
levels: [commune]
caveats:
- Budget principal et budgets annexes de la commune, sans ceux de son intercommunalité ; les comparaisons dépendent des compétences transférées.
examples:
- says: l'épargne rapportée aux recettes de fonctionnement du même exercice
  given:
    municipal_finances:
    - {territory: "99001", annee: 2024, agregat: Epargne brute, montant: 150, euros_par_habitant: 1, population: 100}
    - {territory: "99001", annee: 2024, agregat: Recettes de fonctionnement, montant: 1000, euros_par_habitant: 10, population: 100}
    - {territory: "99001", annee: 2023, agregat: Recettes de fonctionnement, montant: 500, euros_par_habitant: 5, population: 100}
  expect: {"99001": {value: 15.0, vintage: "2024"}}
- says: sans recettes connues, pas de taux
  given:
    municipal_finances:
    - {territory: "99002", annee: 2024, agregat: Epargne brute, montant: 150, euros_par_habitant: 1, population: 100}
  expect: {"99002": null}
*/
with years as (
    select territory, annee,
           max(montant) filter (where agregat = 'Epargne brute') as savings,
           max(montant) filter (where agregat = 'Recettes de fonctionnement') as revenue
    from municipal_finances
    group by territory, annee
),
latest as (
    select * from years
    where savings is not null and revenue > 0
    qualify annee = max(annee) over (partition by territory)
)
select m.territory, 100.0 * l.savings / l.revenue as value, l.annee as vintage
from members m
join latest l on l.territory = m.member

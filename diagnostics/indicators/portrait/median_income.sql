/*
title: Niveau de vie médian
unit: "€/an"
precision: 0
datasets: [household_income]
reading: "La moitié des habitants vit avec moins que ce montant par an : revenu du ménage après impôts et prestations, ramené à une personne."
source: Insee, Filosofi
higher_is: neutre
plausible: [5000, 100000]
levels: [commune]
caveats:
- Revenu disponible par unité de consommation, et non revenu déclaré par foyer fiscal.
- Les petites communes n'ont pas de chiffre, pour ne désigner personne.
examples:
- says: la dernière année connue
  given:
    household_income:
    - {territory: "99001", annee: 2020, niveau_vie_median: 20100, niveau_vie_secret: false}
    - {territory: "99001", annee: 2021, niveau_vie_median: 20900, niveau_vie_secret: false}
  expect: {"99001": {value: 20900, vintage: "2021"}, "99002": null}
- says: un chiffre secret reste secret, un chiffre vide est absent
  given:
    household_income:
    - {territory: "99001", annee: 2021, niveau_vie_median: null, niveau_vie_secret: true}
    - {territory: "99002", annee: 2021, niveau_vie_median: null, niveau_vie_secret: false}
  expect: {"99001": {value: null, absence: secret}, "99002": null}
*/
with latest as (
    select * from household_income
    qualify annee = max(annee) over (partition by territory)
)
select m.territory,
       max(l.niveau_vie_median) as value,
       max(l.annee) as vintage,
       case when bool_or(l.niveau_vie_secret) then 'secret' end as absence
from members m
join latest l on l.territory = m.member and m.member = m.territory
group by m.territory

/*
title: Commerces pour 1 000 habitants
unit: pour 1 000 hab.
precision: 1
datasets: [facilities, municipalities]
reading: Combien de commerces pour 1 000 habitants, dans toute la commune.
source: Insee, base permanente des équipements
higher_is: mieux
plausible: [0, 200]
levels: [commune]
caveats:
- Commune entière, zones commerciales comprises ; ni la taille ni la vacance des commerces.
- Restaurants, coiffeurs et banques sont comptés ailleurs par la source, parmi les services.
examples:
- says: les commerces de la dernière année, de tous les types
  given:
    facilities:
    - {territory: "99001", annee: 2023, domaine: Commerces, type_equipement: B207, equipements: 90}
    - {territory: "99001", annee: 2024, domaine: Commerces, type_equipement: B207, equipements: 12}
    - {territory: "99001", annee: 2024, domaine: Commerces, type_equipement: B104, equipements: 3}
    - {territory: "99001", annee: 2024, domaine: Enseignement, type_equipement: C107, equipements: 40}
    municipalities:
    - {territory: "99001", population: 5000}
  expect: {"99001": {value: 3.0, vintage: "2024"}}
- says: sans commerce lu ni population connue, aucun chiffre et jamais zéro
  given:
    facilities:
    - {territory: "99001", annee: 2024, domaine: Enseignement, type_equipement: C107, equipements: 4}
    - {territory: "99002", annee: 2024, domaine: Commerces, type_equipement: B207, equipements: 9}
    municipalities:
    - {territory: "99001", population: 5000}
    - {territory: "99002", population: null}
  expect: {"99001": null, "99002": null}
*/
with latest as (
    select * from facilities
    qualify annee = max(annee) over (partition by territory)
)
select m.territory,
       1000.0 * sum(f.equipements) / nullif(max(p.population), 0) as value,
       max(f.annee) as vintage
from members m
join latest f on f.territory = m.member and m.member = m.territory and f.domaine = 'Commerces'
join municipalities p on p.territory = m.member
group by m.territory

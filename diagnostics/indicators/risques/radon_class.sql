/*
title: Classe de potentiel radon
unit: classe (1 à 3)
precision: 0
datasets: [radon_potential]
reading: 1 faible, 2 faible avec des facteurs géologiques qui facilitent le transfert, 3 significatif (arrêté du 27 juin 2018).
source: Potentiel radon des communes (ASN, ex-IRSN)
higher_is: pire
plausible: [1, 3]
compared: false
levels: [commune]
caveats:
- Classe de la commune entière, de 2019 ; elle ne dit rien d'un bâtiment, seule une mesure le fait.
examples:
- says: la classe lue
  given:
    radon_potential: [{territory: "99001", radon_class: 3}]
  expect: {"99001": 3}
- says: une commune sans ligne, ou sans classe, est absente
  given:
    radon_potential: [{territory: "99002", radon_class: null}]
  expect: {"99002": null, "99003": null}
*/
select m.territory, max(r.radon_class) as value
from members m
join radon_potential r on r.territory = m.member
group by m.territory

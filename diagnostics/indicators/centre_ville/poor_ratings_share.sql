/*
title: Diagnostics énergétiques F ou G
unit: "%"
precision: 1
datasets: [energy_ratings]
reading: Sur 100 diagnostics de logements établis depuis 2021, combien sont classés F ou G.
source: Diagnostics de performance énergétique (ADEME)
higher_is: pire
plausible: [0, 100]
levels: [commune]
caveats:
- Diagnostics et non logements ; seuls les biens vendus, loués ou rénovés sont diagnostiqués, et un diagnostic remplacé reste compté.
- Commune entière, pas le seul centre-ville ; les diagnostics d'immeubles entiers ne sont pas comptés.
examples:
- says: maisons et appartements s'additionnent, les immeubles entiers restent à part
  given:
    energy_ratings:
    - {territory: "99001", type_batiment: maison, etiquette_dpe: F, nb_dpe: 30}
    - {territory: "99001", type_batiment: appartement, etiquette_dpe: G, nb_dpe: 10}
    - {territory: "99001", type_batiment: appartement, etiquette_dpe: D, nb_dpe: 160}
    - {territory: "99001", type_batiment: immeuble, etiquette_dpe: G, nb_dpe: 500}
  expect: {"99001": 20.0}
- says: les IRIS s'additionnent avant de diviser ; un type inconnu compte
  given:
    energy_ratings:
    - {territory: "99001", iris: "990010101", type_batiment: maison, etiquette_dpe: G, nb_dpe: 10}
    - {territory: "99001", iris: "990010102", etiquette_dpe: C, nb_dpe: 30}
  expect: {"99001": 25.0}
- says: aucune étiquette F ni G parmi celles connues est un vrai zéro ; aucune ligne n'en est pas un
  given:
    energy_ratings:
    - {territory: "99002", type_batiment: maison, etiquette_dpe: C, nb_dpe: 4}
    - {territory: "99003", type_batiment: immeuble, etiquette_dpe: G, nb_dpe: 4}
  expect: {"99001": null, "99002": 0.0, "99003": null}
*/
select m.territory,
       100.0 * coalesce(sum(e.nb_dpe) filter (where e.etiquette_dpe in ('F', 'G')), 0)
       / nullif(sum(e.nb_dpe), 0) as value
from members m
join energy_ratings e on e.territory = m.member
where e.type_batiment is distinct from 'immeuble'
group by m.territory

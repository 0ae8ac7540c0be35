/*
title: Jours à 30 °C ou plus, {period}
unit: jours/an
precision: 0
datasets: [hot_days_projections]
reading: "Nombre de jours par an où la température maximale atteint 30 °C : médiane des modèles."
source: Météo-France, TRACC-2023 / Explore2 (DRIAS), TX30D
higher_is: pire
plausible: [0, 366]
interval: minimum et maximum des modèles
levels: [commune, epci]
variants:
  reference: {horizon: 1976-2005, period: 1976-2005}
  "2030": {horizon: "2030", period: horizon 2030 (+2 °C en France)}
  "2050": {horizon: "2050", period: "horizon 2050 (+2,7 °C en France)"}
  "2100": {horizon: "2100", period: horizon 2100 (+4 °C en France)}
caveats:
- Niveaux de réchauffement comptés depuis l'ère préindustrielle, en France hexagonale.
- "Autre jeu (TRACC-2023, et non Climadiag v411) et autre maille de 8 km que les autres projections : ne pas comparer la largeur de l'intervalle avec celle des jours à 35 °C."
- Le maximum des modèles est peu robuste, surtout en relief.
- Ni le centre-ville, ni l'îlot de chaleur urbain.
notes:
  "04070": Maille probablement plus haute et plus fraîche que la ville, chiffre sans doute sous-estimé de 11 à 15 jours.
examples:
- says: la médiane est la valeur, avec les bornes du même horizon
  variant: "2050"
  given:
    hot_days_projections:
    - {territory: "99001", indicator: d30, horizon: "2050", statistic: low, value: 7}
    - {territory: "99001", indicator: d30, horizon: "2050", statistic: median, value: 12}
    - {territory: "99001", indicator: d30, horizon: "2050", statistic: high, value: 19}
    - {territory: "99001", indicator: d30, horizon: "2100", statistic: median, value: 25}
    - {territory: "99001", indicator: autre, horizon: "2050", statistic: median, value: 80}
  expect: {"99001": {value: 12, low: 7, high: 19}, "99002": null}
- says: un zéro projeté est un zéro, un horizon sans médiane est absent
  variant: "2030"
  given:
    hot_days_projections:
    - {territory: "99001", indicator: d30, horizon: "2030", statistic: median, value: 0}
    - {territory: "99002", indicator: d30, horizon: "2030", statistic: low, value: 3}
  expect: {"99001": {value: 0}, "99002": null}
- says: la période de référence n'a ni bas ni haut
  variant: reference
  given:
    hot_days_projections:
    - {territory: "99001", indicator: d30, horizon: 1976-2005, statistic: reference, value: 4}
  expect: {"99001": {value: 4, low: null, high: null}}
*/
select m.territory,
       max(c.value) filter (where c.statistic in ('median', 'reference')) as value,
       max(c.value) filter (where c.statistic = 'low') as low,
       max(c.value) filter (where c.statistic = 'high') as high
from members m
join hot_days_projections c on c.territory = m.member and m.member = m.territory
where c.indicator = 'd30' and c.horizon = $horizon
group by m.territory

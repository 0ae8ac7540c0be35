"""Units and currencies written in the cells, and the spellings that are one unit."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from data.reading.values.figures import BODY, Figure, figure
from data.reading.values.names import fold, listed

AFTER = re.compile(rf"((?:[+\-−–] ?)?(?:{BODY})) ?([^\d\s.,'’+\-][^\n]{{0,19}})")
BEFORE = re.compile(r"(€|EUR|\$|£|CHF) ?([^\n]{1,30})")
PERCENT = "%"
# One unit a line, its spellings folded; the first is how a flag names a mix of them.
SPELLINGS = """
€ eur euro euros €ttc €ht €ttc. eurht eurttc euroht eurosht eurottc eurosttc
k€ keur ke
m€ meur
$ usd
£ gbp
chf
% pourcent pour-cent pourcents pct
‰
m metre metres metre(s) ml
cm centimetre centimetres
mm millimetre millimetres
km kilometre kilometres kms
m² m2 metrecarre metrescarres
km² km2
ha hectare hectares
a are ares
ca centiare centiares
m³ m3 metrecube metrescubes
l litre litres
hl
cl
ml millilitre millilitres
kg kilo kilos kilogramme kilogrammes
g gr gramme grammes
mg
t tonne tonnes
w watt watts
kw kilowatt kilowatts
mw
gw
kwh
mwh
gwh
kwc
kva
v volt volts
a ampere amperes amp
°c degresc degrescelsius celsius
°
db db(a) decibel decibels
hpa
bar bars
h heure heures hr
min minute minutes mn
s sec seconde secondes
j jour jours
mois
an ans annee annees
hab hab. habitant habitants
hab/km² hab/km2
km/h kmh
m/s
l/s
l/min
m³/h m3/h
m³/j m3/j
µg/m³ µg/m3 ug/m3 μg/m3
mg/l
kg/m² kg/m2
kwh/m² kwh/m2
kwh/m²/an kwh/m2/an kwhep/m².an kwhep/m2.an
€/m² €/m2 eur/m2
€/an
€/mois
€/h
"""
CASED = {"MW": "MW", "mW": "mW", "Mo": "Mo", "Go": "Go", "M€": "M€", "mg": "mg", "ML": "ML"}
NO_UNIT = listed(
    "bis ter quater rue avenue janvier fevrier mars avril mai juin juillet aout septembre octobre "
    "novembre decembre fevr janv sept nord sud est ouest"
)
PLAIN_WORD = re.compile(r"[a-zà-ÿ]{3,18}\.?(?: [a-zà-ÿ/]{2,12})?")
CURRENCIES = frozenset({"€", "k€", "M€", "$", "£", "chf"})


class Measure(NamedTuple):
    """A number with its unit: as written, and the unit it is a spelling of (None: unheard of)."""

    figure: Figure
    written: str
    unit: str | None


def measure(value: str) -> Measure | None:
    """A text read as a number followed by a unit (or preceded by a currency), or None."""
    if len(value) > 60:
        return None
    match = AFTER.fullmatch(value)
    if match:
        number, written = match[1], match[2].strip()
    elif match := BEFORE.fullmatch(value):
        number, written = match[2].strip(), match[1]
    else:
        return None
    found = figure(number)
    return Measure(found, written, known(written)) if found else None


@lru_cache(maxsize=4096)
def known(written: str) -> str | None:
    """The unit that a spelling stands for, or None."""
    if written in CASED:
        return CASED[written]
    return _units().get("".join(fold_unit(written).split()))


def fold_unit(written: str) -> str:
    """A unit as it is compared; NFKD would turn m² into m2, which is wanted."""
    return fold(written).replace("μ", "µ")


def generic(written: str) -> bool:
    """A plain word that may count things: « places », « logements »."""
    return bool(PLAIN_WORD.fullmatch(written)) and fold(written).rstrip(".") not in NO_UNIT


@lru_cache(maxsize=1)
def _units() -> dict[str, str]:
    found: dict[str, str] = {}
    for line in SPELLINGS.strip().splitlines():
        spelt = line.split()
        for word in spelt:
            found.setdefault(fold_unit(word), spelt[0])
    return found

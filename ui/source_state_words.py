"""Failures and findings in words for people; the technical sentence stays one touch away."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import urlsplit

from data.store import Fetch, Finding
from drawing import french
from ui.source_state import Standing

_ADDRESS = re.compile(r"https?://\S+")
_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_LONGEST = 140  # characters of what a source said, when nothing here knows its words

# First match wins: what the log says -> what happened.
_CAUSES: tuple[tuple[str, str], ...] = (
    (r"lignes reçues, \d+ le", "bien moins de lignes que la copie d'avant"),
    (
        r"\bclé\b.*(absente|manquante|à fournir|non fournie|refusée|illisible)",
        "il faut une clé d'accès",
    ),
    (r"réponse 40[13]\b", "la source refuse l'accès"),
    (
        r"réponse 400\b",
        "la source n'a pas compris la demande\u00a0: son mode d'emploi a pu changer",
    ),
    (r"réponse 404\b", "l'adresse n'existe plus ou a changé"),
    (r"réponse 410\b", "le producteur a supprimé la donnée"),
    (r"réponse 429\b", "la source reçoit trop de demandes et prie d'attendre"),
    (r"réponse 503\b", "le service est momentanément indisponible"),
    (r"réponse 5\d\d\b", "le serveur de la source est en erreur"),
    (r"réponse [34]\d\d\b", "la source a refusé la demande"),
    (
        r"aucune réponse à \d+ demandes",
        "la source ne répondait plus, elle n'a pas été redemandée cette fois",
    ),
    (r"trop lente|délai total", "la source est trop lente à répondre"),
    (r"connexion refusée", "le serveur refuse la connexion"),
    (r"connexion interrompue", "la connexion a été coupée"),
    (r"nom d'hôte introuvable", "le serveur est introuvable sur le réseau"),
    (r"certificat refusé", "le certificat de sécurité de la source n'est pas valable"),
    (r"page HTML", "une page pour lecteurs est revenue au lieu des données"),
    (r"réponse vide|contour vide", "la réponse est vide"),
    (r"tronqué|coupée|incomplète|annoncées", "la réponse est arrivée incomplète"),
    (r"limite \d+|de plus de \d+ octets", "la réponse est bien plus grosse que prévu"),
    (r"redirection", "la source renvoie d'adresse en adresse"),
    (r"adresse privée", "la source renvoie vers une adresse privée, refusée par prudence"),
    (
        r"filtre ignoré|non pour le territoire|reçu, \d+ demandé",
        "la source a répondu pour un autre lieu que celui demandé",
    ),
    (r"colonnes? .*absente|sans leurs colonnes|sans la clé", "les colonnes ont changé"),
    (r"attendu entre|l'unité", "une valeur est invraisemblable\u00a0: l'unité a pu changer"),
    (r"commune connue|communes lues", "les codes de communes ne sont plus reconnus"),
    (r"un autre jeu", "un autre jeu de données est revenu"),
    (
        r"illisible|corrompu|n'est pas|réponse inattendue|type de contenu",
        "la réponse est illisible",
    ),
    (r"fichier temporaire", "le disque de cette machine est plein ou protégé"),
)
_KNOWN = [(re.compile(pattern, re.IGNORECASE), words) for pattern, words in _CAUSES]

FINDINGS = {
    "dataset_gone": "Jeu de données disparu",
    "archived": "Jeu de données archivé",
    "licence_gone": "Licence disparue",
    "schema_gone": "Schéma déclaré disparu",
    "link_gone": "Lien disparu",
    "refused": "Nouvelle version refusée",
}


def cause(detail: str | None) -> str:
    """« https://x.fr/a : réponse 503 (…) après 4 essais » -> « le service est … indisponible »."""
    said = detail or ""
    known = next((words for pattern, words in _KNOWN if pattern.search(said)), None)
    return known or _unknown(said)


def _unknown(said: str) -> str:
    """What a source said, without its address, when it is short; else that it is unexpected."""
    bare = _ADDRESS.sub("", said).strip(" :;,.")
    return french.lower_first(bare) if 0 < len(bare) <= _LONGEST else "réponse inattendue"


def host(detail: str | None, origin: str) -> str:
    """The machine that was asked, as people name it; empty when nobody was."""
    found = _ADDRESS.search(detail or "")
    address = found.group() if found else origin
    try:
        return urlsplit(address).hostname or ""
    except ValueError:  # an address that no one could read
        return ""


def needs_key(detail: str | None) -> bool:
    """Whether the source waits for a key of access."""
    return cause(detail) == "il faut une clé d'accès"


def finding(made: Finding) -> str:
    """« Licence disparue : Arbres (c'était Licence Ouverte) »; an address is left to its link."""
    kind = FINDINGS.get(made.kind, french.upper_first(made.kind.replace("_", " ")))
    if made.kind == "refused":
        return f"{kind}\u00a0: {cause(made.subject)}"
    was = "" if _ADDRESS.match(made.before) or not made.before else f" (c'était {made.before})"
    now = f", {made.after}" if made.after else ""
    return f"{kind}\u00a0: {made.subject}{was}{now}"


def trouble(made: Standing) -> str:
    """« En échec depuis le 20 novembre 2026 (3 essais) : le service est … indisponible. »"""
    line = made.last
    if line is None or line.status != "failed":
        return ""
    many = made.place is None and made.troubled > 1
    where = f" pour {made.troubled} territoires" if many else ""
    since = made.since or line.fetched_at
    tries = len(made.streak)
    times = f" ({tries} essais)" if tries > 1 and not many else ""
    asked = host(line.detail, line.url)
    who = f" ({asked})" if asked else ""
    head = "Version reçue le" if made.refusal else "En échec depuis le"
    return f"{head} {french.day(since)}{where}{times}\u00a0: {cause(line.detail)}{who}."


def serving(made: Standing) -> str:
    """What is shown meanwhile: « La copie du 14 novembre 2026 sert (millésime 2023). »"""
    if made.good is None:
        return "Aucune copie de cette source n'est gardée."
    what = f"{vintage(made)}, {extent(made)}"
    return f"La copie du {french.day(made.good.fetched_at)} sert ({what})."


def copy(made: Standing, today: date) -> str:
    """« 14 novembre 2026, il y a 7 jours »."""
    if made.good is None:
        return "aucune copie"
    return f"{french.day(made.good.fetched_at)}, {_ago(made.age(today) or 0)}"


def _ago(days: int) -> str:
    if days < 2:
        return "hier" if days else "aujourd'hui"
    return f"il y a {french.plural(days, 'jour')}"


def vintage(made: Standing) -> str:
    """« millésime 2023 », or that the source does not say it."""
    said = _DAY.sub(lambda day: french.readable_day(day[0]), made.vintage or "")
    return f"millésime {french.readable_day(said)}" if said else "millésime non dit par la source"


def extent(made: Standing) -> str:
    """« 12 430 lignes · 8,1 Mo reçus » of the copies that serve."""
    if made.good is None:
        return "rien encore"
    said = [french.plural(made.rows, "ligne")]
    if made.place is None and made.served > 1:
        said.append(f"{made.served}\u00a0territoires")
    if made.moved:
        said.append(f"{weight(made.moved)} reçus")
    return " · ".join(said)


def weight(count: int) -> str:
    """1234567 -> « 1,2 Mo »."""
    for limit, unit in ((1_000_000_000, "Go"), (1_000_000, "Mo"), (1_000, "ko")):
        if count >= limit:
            value = count / limit
            return f"{french.number(value, 0 if value >= 100 else 1)}\u00a0{unit}"
    return french.plural(count, "octet")


def next_step(made: Standing, today: date, reachable: bool) -> str:
    """What a person may do now, and what serves meanwhile."""
    waiting = made.state in ("failed", "refused", "offline")
    copy_day = french.day(made.good.fetched_at) if waiting and made.good else ""
    kept = f"\u00a0; la copie du {copy_day} sert" if copy_day else ""
    return f"{step(made, today, reachable).removesuffix('.')}{kept}."


def step(made: Standing, today: date, reachable: bool) -> str:
    """What a person may do now; `reachable`: a run on the territory would ask this source."""
    words = {
        "failed": _mend(made, reachable),
        "refused": "Vérifier chez le producteur, puis accepter la nouvelle version",
        "offline": "Permettre le réseau (ACV_OFFLINE), puis réessayer",
        "never": _ask(made, reachable),
        "programme": _ask(made, reachable),
        "fresh": _renew(made, today, reachable),
        "embedded": "Rien à faire\u00a0: mise à jour avec l'outil",
        "not_covered": _elsewhere(made),
    }[made.state]
    return f"{words}."


KEY = "Clé à fournir par qui installe l'outil"


def _elsewhere(made: Standing) -> str:
    """What to do where the source says nothing: give the key it waits for, or ask others."""
    if needs_key(made.last.detail if made.last else None):
        return KEY
    return "Hors couverture\u00a0: demander au producteur, ou à un service local"


def _mend(made: Standing, reachable: bool) -> str:
    if needs_key(made.last.detail if made.last else None):
        return KEY
    return "Réessayer" if reachable else _ask(made, reachable)


def _ask(made: Standing, reachable: bool) -> str:
    if made.source.runs == "programme":
        return "Vient avec la récupération de tout le programme (refresh --acv)"
    if made.place is None:
        return "Choisir un territoire pour la récupérer"
    return "Récupérer" if reachable else "Ne se demande pas pour ce territoire"


def _renew(made: Standing, today: date, reachable: bool) -> str:
    if (made.age(today) or 0) <= made.source.keep_days:
        return "Rien à faire"
    return "Rafraîchir" if reachable else "Se rafraîchit avec tout le programme (refresh --acv)"


def attempt(line: Fetch) -> str:
    """One line of the log: « 21 novembre 2026 : récupéré, 12 lignes »."""
    when = french.day(line.fetched_at)
    if line.status == "failed":
        return f"{when}\u00a0: échec, {cause(line.detail)}"
    if line.good:
        return f"{when}\u00a0: récupérée, {french.plural(line.rows, 'ligne')}"
    covered = line.status == "not_covered"
    return f"{when}\u00a0: {'hors couverture' if covered else 'non demandée, réseau interdit'}"

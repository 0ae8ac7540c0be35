"""The message that asks a holder for data, in the tone that suits them; and the reminder.

Plain text, filled from the reference. Short to a colleague, complete to others; a text of law is
cited only where it helps an answer, always to be confirmed, and never as a threat.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from data.catalog import Dataset, catalog
from data.entries import TONES, Request
from data.territories import Territory
from drawing import french
from drawing.letters import Letter, Sender, clean

PROJECTS = 3  # named in a letter
WISHES = 6  # kinds of information named in a letter
FIELDS = 5  # mandatory fields of a standard named in a letter
ENVIRONMENT = frozenset({"biodiversite", "eau", "risques"})
LEGAL_NOTE = "Information générale, à confirmer avec votre service juridique."
_LINES = frozenset({"line", "polygon"})


def letter(
    datasets: Dataset | Sequence[Dataset],
    place: Territory,
    tone: str,
    due_on: date,
    sender: Sender | None = None,
    *,
    attached: bool = True,
) -> Letter:
    """The request for one dataset, or for several of one holder. ValueError for another tone.

    The template is spoken of only where it goes with the letter (`attached`).
    """
    if tone not in TONES:
        raise ValueError(f"ton {tone!r} inconnu ; permis : {', '.join(TONES)}")
    asked = (datasets,) if isinstance(datasets, Dataset) else tuple(datasets)
    signed = sender or Sender()
    one = len(asked) == 1
    paragraphs = [
        _invented(place),
        _greeting(tone),
        _opening(asked, place, tone),
        _why(asked[0]) if one else _why_each(asked),
        _protected(asked),
        _joined(_wishes(asked[0]) if one else "", _format(asked, tone, attached)),
        _standard(asked, tone, attached),
        _joined(_personal(asked), _licence(asked, tone)),
        _exchange(tone),
        _law(asked, tone),
        _joined(_deadline(tone, due_on), _way_out(asked)),
        _farewell(tone, signed),
    ]
    return Letter(_subject(asked, place, tone), _typeset(paragraphs))


def reminder(
    request: Request,
    datasets: Dataset | Sequence[Dataset],
    place: Territory,
    sender: Sender | None = None,
) -> Letter:
    """A courteous second message on a request already sent, about one dataset or several."""
    asked = (datasets,) if isinstance(datasets, Dataset) else tuple(datasets)
    sent = f" du {french.day(request.sent_on)}" if request.sent_on else ""
    paragraphs = [
        _invented(place),
        _greeting(request.tone),
        f"Je me permets de revenir vers vous à propos de notre message{sent}, qui portait sur "
        f"{french.listed(map(_quoted, asked))}. Il a pu se perdre parmi d'autres\u00a0: je "
        "le rappelle en deux mots.",
        _why(asked[0]) if len(asked) == 1 else "",
        "Un mot suffit, par exemple\u00a0: «\u00a0ce n'est pas nous\u00a0», avec le nom du bon "
        "service\u00a0; «\u00a0d'accord, plutôt en janvier\u00a0»\u00a0; «\u00a0voici le fichier "
        "tel qu'il est\u00a0».",
        _way_out(asked),
        _farewell(request.tone, sender or Sender()),
    ]
    what = asked[0].title if len(asked) == 1 else french.plural(len(asked), "donnée")
    subject = f"{_mark(place)}Petit rappel\u00a0: {clean(what)}"
    return Letter(french.typeset(subject), _typeset(paragraphs))


def file_name(datasets: Sequence[Dataset], place: Territory, day: date) -> str:
    """'demande_tree_inventory_46042_2026-11-21.txt'."""
    what = datasets[0].id if len(datasets) == 1 else f"{len(datasets)}_donnees"
    fictional = "_FICTIF" if place.fictional else ""
    return f"demande_{what}_{place.code.replace(':', '_')}{fictional}_{day.isoformat()}.txt"


def _typeset(paragraphs: Sequence[str]) -> str:
    text = "\n\n".join(part for part in paragraphs if part)
    return french.typeset(text.replace("\u2019", "'"))


def _joined(*sentences: str) -> str:
    """One paragraph: a message of few paragraphs is read to its end."""
    return " ".join(sentence for sentence in sentences if sentence)


def _greeting(tone: str) -> str:
    return "Bonjour," if tone == "own_service" else "Madame, Monsieur,"


def _mark(place: Territory) -> str:
    return "FICTIF – " if place.fictional else ""


def _invented(place: Territory) -> str:
    if not place.fictional:
        return ""
    return (
        f"FICTIF : {_name(place)} est une invention. Ce message est un exemple, il ne s'adresse à "
        "personne."
    )


def _name(place: Territory) -> str:
    return french.upper_first(clean(place.name))


def _of(place: Territory) -> str:
    return french.of_place(clean(place.name), place.level)


def _quoted(dataset: Dataset) -> str:
    return f"« {clean(dataset.title)} »"


def _subject(asked: Sequence[Dataset], place: Territory, tone: str) -> str:
    what = french.plural(len(asked), "donnée")
    if len(asked) == 1:
        softer = {"personal": ", sans donnée nominative", "security": ", version simplifiée"}
        what = clean(asked[0].title) + softer.get(_protection(asked[0]), "")
    kinds = {
        "own_service": f"{what} : un coup de main pour le diagnostic des données",
        "association": f"Proposition d'échange : {what} – {_name(place)}",
    }
    one = "données : " if len(asked) == 1 else ""
    said = kinds.get(tone, f"Demande de {one}{what} – {_name(place)}")
    return french.typeset(_mark(place) + said)


def _opening(asked: Sequence[Dataset], place: Territory, tone: str) -> str:
    """Who writes, for what, and what is asked."""
    programme = ", ville du programme Action Cœur de Ville" if place.acv else ""
    programme = "" if place.fictional else programme
    what = _asked_for(asked)
    words = {
        "own_service": f"Nous cherchons {what}, et vous êtes sans doute les mieux placés pour nous "
        "aider.",
        "authority": f"Nous cherchons {what}, et pensons que vos services peuvent nous aider.",
        "state_service": f"Nous cherchons {what}, et pensons que votre service s'en charge, ou "
        "sait qui s'en charge.",
        "concession": f"Le service public que vous exploitez permet sans doute d'établir {what}, "
        "dont nous aimerions disposer.",
        "contract": "Vous pourriez nous fournir, dans le cadre d'un marché avec nous ou de votre "
        f"activité, {what}.",
        "association": "Votre connaissance du terrain compte, et nous aimerions vous proposer un "
        f"échange autour de ce que vous observez\u00a0: {what}.",
    }
    return f"Nous préparons le diagnostic des données {_of(place)}{programme}. {words[tone]}"


def _asked_for(asked: Sequence[Dataset]) -> str:
    """What is asked, said at once when it is not the protected file itself."""
    if len(asked) > 1:
        return "les données citées plus bas"
    kinds = {"personal": "un simple décompte tiré de", "security": "une version simplifiée de"}
    return f"{kinds.get(_protection(asked[0]), 'la donnée')} {_quoted(asked[0])}"


def _protection(dataset: Dataset) -> str:
    """'personal' or 'security' where the data are supposed to be protected, else ''."""
    if dataset.likely_status != "closed_justified":
        return ""
    return "personal" if dataset.status_reason == "personal_data" else "security"


def _why(dataset: Dataset) -> str:
    titles = _projects(dataset)
    if not titles:
        return "Cela compléterait l'état des lieux des données utiles au territoire."
    more = len(titles) - PROJECTS
    lines = [f"- {title}" for title in titles[:PROJECTS]]
    if more > 0:
        lines.append(f"- {french.plural(more, 'autre projet', 'autres projets')}")
    return "Ce que cela permettrait d'étudier :\n" + "\n".join(lines)


def _projects(dataset: Dataset) -> list[str]:
    return [clean(made.title) for made in catalog().needed_by(dataset.id)]


def _why_each(asked: Sequence[Dataset]) -> str:
    """One line per dataset: title and what it serves."""
    return "Ce qui nous aiderait, et pour quoi :\n" + "\n".join(map(_line, asked))


def _line(dataset: Dataset) -> str:
    titles = _projects(dataset)
    name = clean(dataset.title)
    if not titles:
        return f"- {name}"
    more = len(titles) - 1
    others = f", et {french.plural(more, 'autre projet', 'autres projets')}" if more else ""
    return f"- {name} (pour « {titles[0]} »{others})"


def _wishes(dataset: Dataset) -> str:
    labels = [
        french.lower_first(clean(_DETAIL.sub("", column.label)))
        for column in dataset.columns
        if not _PLACE_OR_CODE.match(column.name) and not column.label.startswith("Code")
    ][:WISHES]
    if _protection(dataset) or not labels:
        return ""
    labels += [_SHAPES[dataset.geometry]] if dataset.geometry in _SHAPES else []
    said = f"Le plus utile, si vous l'avez : {french.listed(labels)}."
    if dataset.depth_years:
        said += f" Si possible sur {french.plural(dataset.depth_years, 'an')}."
    return said


_DETAIL = re.compile(r"\s*\(.*?\)")
_PLACE_OR_CODE = re.compile(r"longitude|latitude|id_|geom", re.IGNORECASE)
_SHAPES = {"point": "la position ou l'adresse", "polygon": "le contour", "line": "le tracé"}


def _protected(asked: Sequence[Dataset]) -> str:
    """What is not asked for, where the data touch persons or the safety of places."""
    said = []
    for kind, words in _PROTECTIONS.items():
        titles = [_quoted(made) for made in asked if _protection(made) == kind]
        if titles:
            about = f"Pour {french.listed(titles)}, n" if len(titles) < len(asked) else "N"
            said.append(about + words)
    return " ".join(said)


_PROTECTIONS = {
    "personal": "ous ne demandons aucun dossier ni aucun nom\u00a0: seulement des nombres par "
    "secteur, les petits effectifs regroupés pour que personne ne puisse être reconnu.",
    "security": "ous ne demandons rien qui touche à la sécurité\u00a0: une vue d'ensemble, ou une "
    "consultation convenue ensemble et non publiée, nous suffit.",
}


def _standard(asked: Sequence[Dataset], tone: str, attached: bool) -> str:
    """The standard to follow; to a colleague, the template says it all."""
    if len(asked) > 1 or tone == "own_service" or not asked[0].standard or _protection(asked[0]):
        return ""
    named = asked[0].standard
    row = catalog().standards.get(named)
    if row is None:
        return f"Un schéma public existe ({named}) ; rien n'oblige à le suivre pour commencer."
    fields = [made["name"] for made in row.get("fields", ()) if made["required"]]
    said = f"Le standard national est « {clean(row['title'])} » ({named}, schema.data.gouv.fr)."
    if not fields:
        return f"{said} Si votre fichier le suit déjà, c'est parfait ; sinon, envoyez-le tel quel."
    shown, more = fields[:FIELDS], len(fields) - FIELDS
    where = ", dans le modèle joint" if attached else ""
    rest = f" et {french.plural(more, 'autre')}{where}" if more > 0 else ""
    return (
        f"{said} Champs obligatoires : {', '.join(shown)}{rest}. Laissez vide ce qui n'est pas "
        "connu."
    )


def _format(asked: Sequence[Dataset], tone: str, attached: bool) -> str:
    """Formats and the template; an imperfect export is welcome."""
    kinds = {made.geometry for made in asked}
    if kinds == {"aucune"}:
        formats = "un tableur ou un fichier CSV convient"
    elif kinds == {"raster"}:
        formats = "une image géoréférencée (GeoTIFF) ou un lien de téléchargement convient"
    elif kinds & _LINES:
        formats = "un fichier CSV ou GeoJSON convient (un export de SIG aussi)"
    else:
        formats = "un fichier CSV convient, ou GeoJSON si la donnée est cartographiée"
    if all(map(_protection, asked)):
        enough = "Le modèle joint, à remplir," if attached else "Un simple tableau"
        return f"{enough} suffit\u00a0; votre propre présentation convient aussi."
    if tone == "own_service":
        formats = "un tableur ou un export de votre logiciel convient (CSV, GeoJSON)"
    template = " Un modèle vide est joint, si vous préférez le remplir." if attached else ""
    return (
        f"Pour l'envoi, {formats}, tel qu'il existe.{template} Si la donnée est déjà publiée, un "
        "lien suffit."
    )


def _personal(asked: Sequence[Dataset]) -> str:
    """Said of every file, but where the paragraph on protected data has said it better."""
    if all(map(_protection, asked)):
        return ""
    return (
        "Merci de retirer, avant l'envoi, les noms, adresses et coordonnées de personnes\u00a0: "
        "nous n'en avons pas besoin."
    )


def _licence(asked: Sequence[Dataset], tone: str) -> str:
    if all(map(_protection, asked)):
        return "Rien ne serait publié sans votre accord écrit sur la version retenue."
    if tone == "association":
        return (
            "La licence serait celle que vous choisissez, par exemple la Licence Ouverte 2.0 ou "
            "l'ODbL ; vous pouvez aussi préférer un usage réservé à l'étude."
        )
    if tone == "contract":
        return (
            "Nous proposerions la Licence Ouverte 2.0, en vous citant comme source ; un usage "
            "réservé à l'étude peut aussi se convenir."
        )
    return (
        "Si rien ne s'y oppose, nous proposons une publication sous Licence Ouverte 2.0, en vous "
        "citant comme source ; cela se décide avec vous."
    )


def _exchange(tone: str) -> str:
    if tone != "association":
        return ""
    return (
        "Une courte convention d'échange dirait ce que chacun apporte. De notre côté : nos propres "
        "données et fonds de plan, un retour sur ce que votre travail a permis, votre nom cité "
        "partout où il sert, et vos choix respectés (par exemple, flouter la place des espèces "
        "sensibles). Vous restez maîtres de vos données."
    )


def _law(asked: Sequence[Dataset], tone: str) -> str:
    """The text that may help the holder answer, with its reserve; none to a colleague."""
    if tone == "contract":
        return (
            "Si un marché nous lie, ses clauses disent peut-être quelles données sont remises et "
            "sous quelle forme\u00a0: pourriez-vous les relire avec nous\u00a0? Sinon, dites-nous "
            "à quelles conditions un échange serait possible (achat, partenariat, échantillon)."
        )
    said = {"concession": _CONCESSION, "authority": _AUTHORITY, "state_service": _AUTHORITY}
    if tone not in said:
        return ""
    themes = {theme for made in asked for theme in made.themes}
    nature = f" {_ENVIRONMENTAL}" if tone != "concession" and themes & ENVIRONMENT else ""
    return f"Pour information : {said[tone]}{nature} {LEGAL_NOTE}"


_CONCESSION = (
    "dans une concession de service public, le code de la commande publique (article L. 3131-2) "
    "prévoit que le concessionnaire fournit les données du service à l'autorité concédante, si le "
    "contrat en relève ; date et clauses à vérifier."
)
_AUTHORITY = (
    "la loi pour une République numérique (n° 2016-1321, article 1er) prévoit que les "
    "administrations se communiquent les documents utiles à leurs missions de service public, et "
    "le CRPA (article L. 312-1-1) la mise en ligne de bases de données publiques, selon la taille "
    "de l'organisme."
)
_ENVIRONMENTAL = (
    "Les informations sur l'environnement relèvent aussi du code de l'environnement (articles "
    "L. 124-1 et suivants), à confirmer au cas par cas."
)


def _deadline(tone: str, due_on: date) -> str:
    when = french.day(due_on)
    if tone == "own_service":
        return f"Une réponse d'ici le {when} nous arrangerait ; sinon, dites-nous quand."
    return (
        f"Une réponse d'ici le {when} nous aiderait à tenir notre calendrier ; si ce délai ne vous "
        "convient pas, dites-nous celui qui vous va."
    )


def _way_out(asked: Sequence[Dataset]) -> str:
    if len(asked) == 1:
        return (
            "Si la donnée n'existe pas ou ne peut être publiée, dites-nous simplement pourquoi : "
            "cette réponse nous est utile aussi."
        )
    return (
        "Si l'une de ces données n'existe pas ou ne peut être publiée, dites-nous simplement "
        "pourquoi : cette réponse nous est utile aussi. Vous pouvez répondre pour une seule."
    )


def _farewell(tone: str, sender: Sender) -> str:
    contact = f"Pour en parler : {sender.call}."
    close = (
        "Merci d'avance, et bonne journée,"
        if tone == "own_service"
        else "Avec nos remerciements et nos salutations les meilleures,"
    )
    return f"{contact}\n\n{close}\n{sender.signature}"

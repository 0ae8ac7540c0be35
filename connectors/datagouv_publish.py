"""Publishing a package on data.gouv.fr with the user's key: create or update, nothing deleted.

What would be done is told first (`dry_run`); the demonstration platform is the default. A dataset
already known is updated, never doubled: its id is kept from the first answer, and one of the same
title under the same organisation stops everything until somebody says which it is. The answers of
the platform (udata) are checked before they are believed; none was seen live.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote

from connectors.fetching import FetchError
from connectors.network.http import Http, Signed
from data.territories import fold

DEMO, PRODUCTION = "demo", "production"
ENDPOINTS = {DEMO: "DATAGOUV_DEMO", PRODUCTION: "DATAGOUV"}
NAMES = {DEMO: "plateforme de démonstration", PRODUCTION: "data.gouv.fr"}
LICENCES = {"Licence Ouverte 2.0": "lov2", "ODbL 1.0": "odc-odbl"}
API = "/api/1"
PAGE_SIZE, MOST_PAGES = 100, 20
KEY_FORM = re.compile(r"[\x21-\x7e]{1,4000}")  # what a header can bear
HIDDEN = "(clé)"  # in place of a key that the platform would repeat
# What goes to the platform, in this order: file, kind of resource, format, media type.
SENT = (
    ("data.csv", "main", "csv", "text/csv"),
    ("data.geojson", "main", "geojson", "application/geo+json"),
    ("data.parquet", "main", "parquet", "application/vnd.apache.parquet"),
    ("fiche.html", "documentation", "html", "text/html"),
    (
        "modele.xlsx",
        "other",
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    ("datapackage.json", "other", "json", "application/json"),
    ("transformations.json", "other", "json", "application/json"),
)
TITLES = {
    "data.csv": "Données (CSV, forme du standard)",
    "data.geojson": "Données (GeoJSON)",
    "data.parquet": "Données (Parquet)",
    "fiche.html": "Fiche descriptive",
    "modele.xlsx": "Modèle à remplir (XLSX)",
    "datapackage.json": "Description du paquet (Data Package)",
    "transformations.json": "Journal des transformations",
}


class Refusal(Exception):
    """Nothing more is sent: one French sentence, why and what to do."""


@dataclass(frozen=True)
class Notice:
    """What the platform is told of the dataset."""

    title: str
    description: str
    licence: str  # Licence Ouverte 2.0, ODbL 1.0
    frequency: str = "unknown"  # udata's own words: annual, monthly, irregular...
    keywords: tuple[str, ...] = ()
    zone: str | None = None  # fr:commune:46042
    start: str | None = None  # ISO days
    end: str | None = None
    schema: Mapping[str, str | None] | None = None  # {"name", "version"} or {"url"}: of data.csv
    organisation: str | None = None  # id on the platform; None: a personal account
    personal_confirmed: bool = False
    fictional: bool = False  # data of an invented town: never sent anywhere

    def payload(self) -> dict[str, Any]:
        """As the platform takes it; what is not known is not sent."""
        covered = {"start": self.start, "end": self.end} if self.start and self.end else None
        said = {
            "title": self.title,
            "description": self.description,
            "license": LICENCES.get(self.licence),
            "frequency": self.frequency,
            "tags": list(self.keywords),
            "spatial": {"zones": [self.zone]} if self.zone else None,
            "temporal_coverage": covered,
            "organization": self.organisation,
        }
        return {name: value for name, value in said.items() if value is not None}


@dataclass(frozen=True)
class Step:
    """One thing done on the platform, or that would be."""

    action: str  # create, update, add_file, replace_file, describe_file
    what: str  # title of the dataset, or name of the file
    done: bool
    answer: str | None = None  # id that the platform gave


@dataclass(frozen=True)
class Pushed:
    """What happened, to be kept: its ids make the next push an update."""

    target: str
    dry_run: bool
    steps: tuple[Step, ...] = ()
    dataset: str | None = None
    url: str | None = None
    resources: Mapping[str, str] = field(default_factory=dict)  # file -> id on the platform
    refused: str | None = None

    def document(self) -> dict[str, Any]:
        """As kept in the log and printed by the command."""
        return {
            **vars(self),
            "steps": [vars(made) for made in self.steps],
            "resources": dict(self.resources),
        }

    @property
    def known(self) -> dict[str, Any]:
        """What the next push must be given."""
        return {"dataset": self.dataset, "url": self.url, "resources": dict(self.resources)}


def push(
    files: Mapping[str, bytes],
    notice: Notice,
    *,
    key: str,
    target: str = DEMO,
    known: Mapping[str, Any] | None = None,
    dry_run: bool = True,
    client: Http | None = None,
) -> Pushed:
    """Publish the files of a package. Never raises for what the platform or the network refuses.

    `known` is the `known` of an earlier push to the same target.
    """
    session = _Session(client or Http(), key.strip(), Pushed(target, dry_run), files, notice)
    try:
        session.publish(known or {})
    except (Refusal, FetchError) as refused:
        session.made = replace(session.made, refused=str(refused))
    return _without(session.made, session.key)


def _without(made: Pushed, key: str) -> Pushed:
    """What happened, wherever the platform repeated the key without it."""
    if not key:
        return made

    def clean(text: str) -> str:
        return text.replace(key, HIDDEN)

    steps = tuple(
        replace(one, what=clean(one.what), answer=one.answer and clean(one.answer))
        for one in made.steps
    )
    return replace(
        made,
        steps=steps,
        dataset=made.dataset and clean(made.dataset),
        url=made.url and clean(made.url),
        resources={name: clean(sent) for name, sent in made.resources.items()},
        refused=made.refused and clean(made.refused),
    )


def push_told(files: Mapping[str, bytes], told: Mapping[str, Any], **asked: Any) -> Pushed:
    """`push` for who says the notice as a dictionary (a command, which knows no connector)."""
    return push(files, Notice(**told), **asked)


@dataclass
class _Session:
    """One push: what was asked, and what has been done so far."""

    client: Http
    key: str = field(repr=False)
    made: Pushed
    files: Mapping[str, bytes]
    notice: Notice
    account: str = ""  # id of the person whose key it is

    def publish(self, known: Mapping[str, Any]) -> None:
        """Check, then create or update, then send each file."""
        dataset = known.get("dataset")
        if dataset is not None and not isinstance(dataset, str):
            raise Refusal("Identifiant du jeu déjà publié illisible\u00a0: rien n'est envoyé.")
        self._remember(known)
        self._check()
        self._check_account()
        found = self._known(dataset) if dataset else None
        if found is None:
            self._refuse_twin()
        self._dataset(found)
        self._send_files(self._resources(found))

    def _remember(self, known: Mapping[str, Any]) -> None:
        """Ids of an earlier push outlive one that is refused: without them a double would come."""
        url, kept = known.get("url"), known.get("resources")
        given = kept if isinstance(kept, Mapping) else {}
        self.made = replace(
            self.made,
            dataset=known.get("dataset"),
            url=url if isinstance(url, str) else None,
            resources={name: made for name, made in given.items() if isinstance(made, str)},
        )

    def _check(self) -> None:
        if self.made.target not in ENDPOINTS:
            raise Refusal(
                f"Plateforme « {self.made.target} » inconnue ; permis : demo, production."
            )
        if self.notice.fictional or _said_fictional(self.files):
            raise Refusal(
                "Données FICTIVES d'une ville inventée\u00a0: elles ne se déposent sur aucune "
                "plateforme, pas même celle de démonstration. Publiez le fichier d'une vraie ville."
            )
        if not self.key:
            raise Refusal(
                "Clé d'API absente\u00a0: copiez celle de votre compte (réglages du compte, « Clé "
                "d'API »), ou donnez-la dans ACV_DATAGOUV_API_KEY."
            )
        if not KEY_FORM.fullmatch(self.key):
            raise Refusal(
                "Clé d'API illisible\u00a0: elle contient une espace, un saut de ligne ou un "
                "accent. Copiez-la de nouveau, seule."
            )
        if self.notice.licence not in LICENCES:
            raise Refusal("Licence\u00a0: Licence Ouverte 2.0 ou ODbL 1.0.")
        if "data.csv" not in self.files:
            raise Refusal("Le paquet n'a pas de fichier data.csv\u00a0: rien à publier.")

    # --- who publishes -----------------------------------------------------------------------

    def _check_account(self) -> None:
        """The key is someone's, and that someone may publish under the organisation."""
        me = _object(self._get("/me/"), "le compte")
        self.account = quote(_id(me, "le compte"), safe="")
        mine = [one for one in _dicts(me.get("organizations")) if isinstance(one.get("id"), str)]
        asked = self.notice.organisation
        if asked is None:
            if not self.notice.personal_confirmed:
                raise Refusal(
                    "Aucune organisation choisie\u00a0: le jeu serait publié sous un compte "
                    "personnel. Choisissez l'organisation de la ville, ou confirmez le compte "
                    "personnel."
                )
            return
        chosen = next((one for one in mine if asked in (one.get("id"), one.get("slug"))), None)
        if chosen is None:
            names = ", ".join(str(one.get("name") or one.get("slug")) for one in mine) or "aucune"
            raise Refusal(
                f"Ce compte n'appartient pas à l'organisation « {asked} » (les siennes : {names})."
            )
        self.notice = replace(self.notice, organisation=quote(chosen["id"], safe=""))

    # --- never twice -------------------------------------------------------------------------

    def _known(self, dataset: str) -> dict[str, Any]:
        """The dataset of an earlier push, as it stands; refused when it is no longer there."""
        try:
            found = _object(self._get(f"/datasets/{quote(dataset, safe='')}/"), "le jeu de données")
        except FetchError as failure:
            if failure.status not in (404, 410):
                raise
            raise Refusal(
                f"Le jeu déjà publié ({dataset}) n'est plus sur la plateforme\u00a0: rien n'est "
                "recréé sans vous. Restaurez-le, ou oubliez-le ici avant de publier de nouveau."
            ) from failure
        _id(found, "le jeu de données")
        if found.get("deleted"):
            raise Refusal(
                f"Le jeu déjà publié ({dataset}) a été supprimé sur la plateforme\u00a0: "
                "restaurez-le, ou oubliez-le ici avant de publier de nouveau."
            )
        self._check_publisher(found, dataset)
        return found

    def _check_publisher(self, found: Mapping[str, Any], dataset: str) -> None:
        """An update never moves a dataset from one publisher to another."""
        holder = found.get("organization", self.notice.organisation)
        held = holder.get("id") if isinstance(holder, dict) else holder
        if held != self.notice.organisation:
            named = holder.get("name") if isinstance(holder, dict) else holder
            raise Refusal(
                f"Le jeu {_short(dataset)} est publié par {_short(named or 'un compte personnel')},"
                " pas par l'organisation choisie\u00a0: il n'est pas déplacé. Choisissez la bonne "
                "organisation, ou publiez un jeu neuf."
            )

    def _refuse_twin(self) -> None:
        """A dataset of the same title from the same publisher: somebody must say which it is."""
        wanted = _folded(self.notice.title)
        for one in self._published():
            if _folded(str(one.get("title", ""))) == wanted and not one.get("deleted"):
                raise Refusal(
                    f"Un jeu « {_short(one.get('title'))} » est déjà publié sous ce compte "
                    f"({_short(one.get('page'))})\u00a0: pour le mettre à jour, donnez son "
                    f"identifiant ({_short(one.get('id'))}) ; sinon changez le titre. Rien n'a été "
                    "publié."
                )

    def _published(self) -> list[dict[str, Any]]:
        publisher = self.notice.organisation
        filtered = f"organization={publisher}" if publisher else f"owner={self.account}"
        found: list[dict[str, Any]] = []
        for page in range(1, MOST_PAGES + 1):
            asked = f"/datasets/?{filtered}&page_size={PAGE_SIZE}&page={page}"
            answer = _object(self._get(asked), "les jeux déjà publiés")
            if not isinstance(answer.get("data"), list):
                raise Refusal(
                    "La plateforme n'a pas dit quels jeux sont déjà publiés\u00a0: rien n'est "
                    "envoyé, de peur d'en faire un double."
                )
            found += _dicts(answer["data"])
            if not answer.get("next_page"):
                return found
        raise Refusal(
            "Ce compte a trop de jeux pour vérifier qu'aucun ne porte déjà ce titre\u00a0: "
            "donnez l'identifiant du jeu à mettre à jour."
        )

    # --- the dataset -------------------------------------------------------------------------

    def _dataset(self, found: Mapping[str, Any] | None) -> None:
        action = "update" if found else "create"
        if self.made.dry_run:
            self._note(Step(action, self.notice.title, False))
            self._keep(found or {})
            return
        path = f"/datasets/{quote(str(found['id']), safe='')}/" if found else "/datasets/"
        method = "PUT" if found else "POST"
        answer = _object(self._ask(method, path, self.notice.payload()), "le jeu de données")
        _id(answer, "le jeu de données")
        self._keep(answer)
        self._note(Step(action, self.notice.title, True, answer["id"]))

    def _keep(self, answer: Mapping[str, Any]) -> None:
        pages = (answer.get("page"), answer.get("uri"))
        url = next((one for one in pages if isinstance(one, str) and one), None)
        self.made = replace(self.made, dataset=answer.get("id"), url=url)

    # --- its files ---------------------------------------------------------------------------

    def _resources(self, found: Mapping[str, Any] | None) -> dict[str, str]:
        """Files already there, by name; one taken away on the platform is sent anew."""
        listed = _dicts((found or {}).get("resources"))
        there = {one["id"] for one in listed if isinstance(one.get("id"), str)}
        return {name: made for name, made in self.made.resources.items() if made in there}

    def _send_files(self, there: Mapping[str, str]) -> None:
        for name, kind, form, media in SENT:
            if name in self.files:
                self._send_file(name, there.get(name), (kind, form, media))

    def _send_file(self, name: str, there: str | None, form: tuple[str, str, str]) -> None:
        action = "replace_file" if there else "add_file"
        if self.made.dry_run:
            self._note(Step(action, name, False, there))
            return
        base = f"/datasets/{quote(str(self.made.dataset), safe='')}"
        resource = f"{base}/resources/{quote(there, safe='')}" if there else base
        request = Signed("POST", f"{API}{resource}/upload/", file=(name, self.files[name], form[2]))
        answer = _object(self._send(request), f"le fichier {name}")
        sent = _id(answer, f"le fichier {name}")
        self.made = replace(self.made, resources={**self.made.resources, name: sent})
        self._note(Step(action, name, True, sent))
        self._ask("PUT", f"{base}/resources/{quote(sent, safe='')}/", self._described(name, form))
        self._note(Step("describe_file", name, True, sent))

    def _described(self, name: str, form: tuple[str, str, str]) -> dict[str, Any]:
        said: dict[str, Any] = {"title": TITLES[name], "type": form[0], "format": form[1]}
        if name == "data.csv" and self.notice.schema:
            said["schema"] = {key: value for key, value in self.notice.schema.items() if value}
        return said

    # --- asking ------------------------------------------------------------------------------

    def _get(self, path: str) -> Any:
        return self._send(Signed("GET", API + path))

    def _ask(self, method: str, path: str, document: Mapping[str, Any]) -> Any:
        return self._send(Signed(method, API + path, document))

    def _send(self, request: Signed) -> Any:
        return self.client.send(ENDPOINTS[self.made.target], request, self.key)

    def _note(self, step: Step) -> None:
        self.made = replace(self.made, steps=(*self.made.steps, step))


def _object(answer: Any, what: str) -> dict[str, Any]:
    if isinstance(answer, dict):
        return answer
    raise Refusal(
        f"La plateforme n'a pas répondu comme prévu pour {what}\u00a0: rien de plus n'a été envoyé."
    )


def _id(answer: Mapping[str, Any], what: str) -> str:
    """The identifier that the platform gave; refused when it gave none."""
    given = answer.get("id")
    if isinstance(given, str) and given:
        return given
    raise Refusal(f"La plateforme n'a pas donné l'identifiant pour {what}\u00a0: regardez-la.")


def _dicts(given: Any) -> list[dict[str, Any]]:
    return [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []


def _short(said: Any) -> str:
    """What the platform said, as a few words of a sentence."""
    return " ".join(str(said).split())[:120]


def _said_fictional(files: Mapping[str, bytes]) -> bool:
    """Whether the package itself says that its data are invented."""
    try:
        described = json.loads(files.get("datapackage.json", b"{}"))
    except (ValueError, RecursionError):
        return False
    return isinstance(described, dict) and described.get("fictional") is True


def _folded(text: str) -> str:
    """A title as it is compared: no case, accent, sign nor repeated space."""
    return " ".join(re.sub(r"[^a-z0-9]+", " ", fold(text)).split())


def steps_in_words(steps: Sequence[Step]) -> list[str]:
    """Each step in one French line."""
    words = {
        "create": "créer le jeu de données",
        "update": "mettre à jour le jeu de données",
        "add_file": "ajouter le fichier",
        "replace_file": "remplacer le fichier",
        "describe_file": "décrire le fichier",
    }
    return [
        f"{'fait' if made.done else 'serait fait'}\u00a0: {words[made.action]} « {made.what} »"
        for made in steps
    ]

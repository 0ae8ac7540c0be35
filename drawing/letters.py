"""The words of requests to holders: states, tones, clean texts, and a link to one's own mailer."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import quote

# state of a request -> symbol, word
STATES = {
    "to_send": ("○", "À envoyer"),
    "sent": ("→", "Envoyée"),
    "answered": ("◐", "Réponse reçue"),
    "refused": ("✕", "Refus reçu"),
    "obtained": ("●", "Donnée obtenue"),
}
COUNTED = {
    "to_send": ("à envoyer", "à envoyer"),
    "sent": ("envoyée (sans réponse)", "envoyées (sans réponse)"),
    "answered": ("avec une réponse à lire", "avec une réponse à lire"),
    "refused": ("refusée", "refusées"),
    "obtained": ("obtenue", "obtenues"),
}
TONES = {
    "own_service": "Un service de chez nous (message simple)",
    "authority": "Une autre collectivité, un syndicat, un organisme public",
    "state_service": "Un service de l'État",
    "concession": "Le titulaire d'une concession de service public",
    "contract": "Le titulaire d'un marché, une entreprise",
    "association": "Une association, des habitants",
}
LONGEST_LINE = 160  # characters of a name in a letter
LONGEST_LINK = 1900  # characters: mailers of offices cut longer addresses
SUBJECT = "Objet\u00a0: "
YOUR_NAME, YOUR_CONTACT = "[votre nom et votre service]", "[votre téléphone ou votre adresse]"
_MAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,4}")


@dataclass(frozen=True)
class Letter:
    """A message ready to be read again, then sent by hand."""

    subject: str
    body: str

    @property
    def text(self) -> str:
        """Subject and body as one text."""
        return f"{SUBJECT}{self.subject}\n\n{self.body}"


@dataclass(frozen=True)
class Sender:
    """Who signs; what is blank stays as a placeholder to fill."""

    name: str = ""
    contact: str = ""

    @property
    def signature(self) -> str:
        """The name, or where to write it."""
        return clean(self.name) or YOUR_NAME

    @property
    def call(self) -> str:
        """A telephone or an address, or where to write it."""
        return clean(self.contact) or YOUR_CONTACT


def clean(text: str, longest: int = LONGEST_LINE) -> str:
    """One line without control signs nor signs that turn the reading order, cut at `longest`."""
    kept = re.sub(r"\s{2,}", " ", _visible(text)).strip()
    return kept if len(kept) <= longest else kept[: longest - 1].rstrip() + "…"


def tidy(text: str) -> str:
    """The same for a text of several lines: its lines stay, nothing is cut."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(_visible(line).rstrip(" ") for line in lines).strip("\n")


def _visible(text: str) -> str:
    """Controls, formats and line separators as plain spaces; the no-break spaces stay."""
    hidden = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
    return "".join(" " if unicodedata.category(sign) in hidden else sign for sign in text)


def split(text: str) -> tuple[str, str]:
    """(subject, body) of a text whose first line may say « Objet : »; else an empty subject."""
    first, _, rest = tidy(text).partition("\n")
    head, colon, subject = first.partition(":")
    if colon and head.strip().lower() == "objet":
        return clean(subject, 200), rest.strip("\n")
    return "", tidy(text)


def mailto(address: str, text: str) -> str | None:
    """A link that opens one's own mailer with the message; None when the address is not plain.

    Everything is quoted, so that nothing typed becomes a header; a long body is left to paste.
    """
    if not _MAIL.fullmatch(address.strip()):
        return None
    subject, body = split(text)
    short = f"mailto:{quote(address.strip(), safe='@')}?subject={quote(subject, safe='')}"
    whole = f"{short}&body={quote(body.replace(chr(10), chr(13) + chr(10)), safe='')}"
    return whole if len(whole) <= LONGEST_LINK else short

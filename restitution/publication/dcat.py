"""The record of the dataset for catalogues: DCAT-AP in JSON-LD, without any call outside."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

import pyarrow.compute as pc

from data.catalog import catalog
from data.points import located
from restitution.publication.datapackage import TITLES, json_bytes
from restitution.publication.to_publish import Metadata, ToPublish, slug
from restitution.publication.vocabularies import (
    EU,
    EU_FILE_TYPES,
    FREQUENCIES,
    IANA,
    LICENCES,
    MEDIA,
)

CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "locn": "http://www.w3.org/ns/locn#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "geosparql": "http://www.opengis.net/ont/geosparql#",
}
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(\.[\w-]{1,63}){1,5}")
_LEVELS = {"commune": "commune", "departement": "departement", "region": "region"}
_WEB = re.compile(r"https?://[^\s<>\"{}|\\^`]+")


def as_dcat(made: ToPublish, files: Mapping[str, bytes]) -> bytes:
    """`dcat.jsonld`: the dataset and one distribution a data file."""
    said = made.said
    dataset = {
        "@context": CONTEXT,
        "@id": said.url if _WEB.fullmatch(said.url) else f"urn:sha256:{made.source_sha256}",
        "@type": "dcat:Dataset",
        "dct:identifier": slug(f"{made.place.code}-{said.title}"),
        "dct:title": _french(said.title),
        "dct:description": _french(said.description),
        "dct:publisher": _agent(said.organisation, said.siret or _siren(made)),
        "dct:creator": _agent(said.producer, said.producer_siret),
        "dcat:contactPoint": _contact(said),
        "dcat:keyword": [_french(word) for word in said.keywords],
        "dcat:theme": _coded("data-theme", said.theme),
        "dct:spatial": _spatial(made),
        "dct:temporal": _temporal(said),
        "dct:accrualPeriodicity": _coded("frequency", FREQUENCIES[said.frequency].eu),
        "dct:issued": _day(made.day.isoformat()),
        "dct:modified": _day(made.day.isoformat()),
        "dct:language": _coded("language", "FRA"),
        "dct:accessRights": _coded("access-right", "PUBLIC"),
        "dct:conformsTo": _standard(made) if made.has_standard else None,
        "dct:provenance": _provenance(made),
        "dcat:landingPage": {"@id": said.url} if _WEB.fullmatch(said.url) else None,
        "dcat:distribution": [
            _distribution(made, name, files[name]) for name in TITLES if name in files
        ],
    }
    return json_bytes({name: value for name, value in dataset.items() if value})


def _distribution(made: ToPublish, name: str, content: bytes) -> dict[str, Any]:
    said = made.said
    extension = name.rpartition(".")[2]
    place = f"{said.base.rstrip('/')}/{name}" if _WEB.fullmatch(said.base) else name
    licence = LICENCES[said.licence]
    return {
        "@type": "dcat:Distribution",
        "dct:title": _french(made.titled(TITLES[name])),
        "dcat:accessURL": {"@id": place},
        "dcat:downloadURL": {"@id": place},
        "dcat:mediaType": {"@id": f"{IANA}/{MEDIA[extension]}"},
        "dct:format": _coded("file-type", EU_FILE_TYPES[extension]),
        "dcat:byteSize": {"@value": str(len(content)), "@type": "xsd:nonNegativeInteger"},
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": {
                "@value": hashlib.sha256(content).hexdigest(),
                "@type": "xsd:hexBinary",
            },
        },
        "dct:license": {"@id": licence.path, "@type": "dct:LicenseDocument"},
        "dct:issued": _day(made.day.isoformat()),
        **({"dct:conformsTo": _standard(made)} if extension == "csv" and made.has_standard else {}),
    }


def _french(text: str) -> dict[str, str]:
    return {"@value": text, "@language": "fr"}


def _coded(authority: str, code: str) -> dict[str, str]:
    return {"@id": f"{EU}/{authority}/{code}"}


def _day(text: str) -> dict[str, str]:
    """A day, a month or a year: each has its type."""
    kind = {4: "xsd:gYear", 7: "xsd:gYearMonth"}.get(len(text), "xsd:date")
    return {"@value": text, "@type": kind}


def _agent(name: str, siret: str) -> dict[str, Any]:
    made: dict[str, Any] = {"@type": "foaf:Agent", "foaf:name": _french(name)}
    return {**made, **({"dct:identifier": siret} if siret else {})}


def _siren(made: ToPublish) -> str:
    """The number of the place, when it is the place itself that publishes."""
    own = made.said.organisation == made.place.name and not made.place.fictional
    return (made.place.siren or "") if own else ""


def _contact(said: Metadata) -> dict[str, Any]:
    """The organisation, by its functional address: nobody's name."""
    made: dict[str, Any] = {"@type": "vcard:Organization", "vcard:fn": said.organisation}
    if _MAIL.fullmatch(said.contact):
        made["vcard:hasEmail"] = {"@id": f"mailto:{said.contact}"}
    elif _WEB.fullmatch(said.contact):
        made["vcard:hasURL"] = {"@id": said.contact}
    return made


def _spatial(made: ToPublish) -> dict[str, Any]:
    """The place by its Insee address when it is real, and the box of the points when known."""
    place = made.place
    spatial: dict[str, Any] = {
        "@type": "dct:Location",
        "locn:geographicName": _french(made.titled(place.name)),
    }
    code = place.code.partition(":")[2] or place.code
    if not place.fictional:
        spatial["dct:identifier"] = code
        if place.level in _LEVELS:
            spatial["@id"] = f"http://id.insee.fr/geo/{_LEVELS[place.level]}/{code}"
    box = _box(made)
    return {**spatial, **({"dcat:bbox": box} if box else {})}


def _box(made: ToPublish) -> dict[str, str] | None:
    found = located(made.table, made.schema)
    if found is None:
        return None
    west, east = (pc.min_max(found.lon)[key].as_py() for key in ("min", "max"))
    south, north = (pc.min_max(found.lat)[key].as_py() for key in ("min", "max"))
    if None in (west, east, south, north):
        return None
    ring = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    corners = ", ".join(f"{x} {y}" for x, y in ring)
    return {"@value": f"POLYGON(({corners}))", "@type": "geosparql:wktLiteral"}


def _temporal(said: Metadata) -> dict[str, Any] | None:
    if not (said.start or said.end):
        return None
    made: dict[str, Any] = {"@type": "dct:PeriodOfTime"}
    named = {"dcat:startDate": said.start, "dcat:endDate": said.end}
    return {**made, **{name: _day(text) for name, text in named.items() if text}}


def _standard(made: ToPublish) -> dict[str, Any]:
    version = f" {made.schema.version}" if made.schema.version else ""
    said: dict[str, Any] = {"@type": "dct:Standard", "dct:title": f"{made.standard}{version}"}
    known = catalog().standards.get(made.standard, {}).get("schema_url")
    return {**said, **({"@id": known} if known else {})}


def _provenance(made: ToPublish) -> dict[str, Any]:
    text = "Transformations décrites dans « transformations.json »."
    return {"@type": "dct:ProvenanceStatement", "dct:description": _french(text)}

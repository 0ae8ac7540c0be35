"""Nature zonings on a territory: protections, Natura 2000, parks, inventories.

Nine layers of API Carto and two of the WFS of Géoplateforme, all republications of the INPN. They
give whole sites with the area of the whole site: what lies on the territory is measured here, from
its contour. One layer that fails fails the whole: a part of a union would pass for the union.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from connectors import geo
from connectors.fetching import FetchError, Get, Got, NotCovered
from connectors.reading.paging import MAX_PAGES
from data.boxes import METROPOLE, Box
from data.catalog import Dataset, catalog
from data.shapes import BadShape, Ground, Part, quarters
from data.territories import Territory

CARTO, WFS = "APICARTO", "GEOPF_WFS"
ENDPOINT = CARTO
CARTO_PATH, WFS_PATH = "/api/nature/{}", "/wfs/ows"
CRS = "urn:ogc:def:crs:OGC:1.3:CRS84"  # longitude first, whatever the server thinks of EPSG:4326
PAGE = 1000  # sites of one answer of API Carto
MOST = 5000  # features of one answer of the WFS, that cuts without a word
DEEPEST = 6  # times a box is cut in four
AROUND = 400  # points of the contour sent
MIN_HECTARES = 0.01  # less is the common border of a site and the town, drawn twice

PROTECTION, EUROPE, PARK, INVENTORY = "protection", "natura_2000", "parc_regional", "inventaire"


@dataclass(frozen=True)
class Layer:
    """One layer: how it is asked, which fields name a site and link to its page."""

    id: str
    label: str
    family: str
    key: str
    name: str
    page: str
    wfs: bool = False


# In this order land is counted once: what protects most first.
LAYERS = (
    Layer("pn", "Parc national", PROTECTION, "id_mnhn", "nom", "url"),
    Layer("rnn", "Réserve naturelle nationale", PROTECTION, "id_mnhn", "nom", "url"),
    Layer(
        "patrinat_rnr:rnr",
        "Réserve naturelle régionale",
        PROTECTION,
        "id_mnhn",
        "nom_site",
        "url_fiche",
        wfs=True,
    ),
    Layer("rnc", "Réserve naturelle de Corse", PROTECTION, "id_mnhn", "nom", "url"),
    Layer(
        "rncf",
        "Réserve nationale de chasse et de faune sauvage",
        PROTECTION,
        "id_mnhn",
        "nom_site",
        "url_fiche",
    ),
    Layer(
        "patrinat_apb:apb",
        "Arrêté de protection de biotope",
        PROTECTION,
        "id_mnhn",
        "nom_site",
        "url_fiche",
        wfs=True,
    ),
    Layer(
        "natura-habitat",
        "Natura 2000, directive Habitats",
        EUROPE,
        "sitecode",
        "sitename",
        "url",
    ),
    Layer(
        "natura-oiseaux",
        "Natura 2000, directive Oiseaux",
        EUROPE,
        "sitecode",
        "sitename",
        "url",
    ),
    Layer("pnr", "Parc naturel régional", PARK, "id_mnhn", "nom", "url"),
    Layer("znieff1", "ZNIEFF 1", INVENTORY, "id_mnhn", "nom", "url"),
    Layer("znieff2", "ZNIEFF 2", INVENTORY, "id_mnhn", "nom", "url"),
)


@dataclass(frozen=True)
class Site:
    """A site of a layer; `parts` are its pieces within the territory, None: no shape given."""

    layer: Layer
    id: str
    name: str | None
    page: str | None
    parts: tuple[Part, ...] | None


def fetch(dataset: Dataset, territory: Territory | None, get: Get) -> Got:
    """One row a site: what of it lies on the territory, in hectares and as GeoJSON (WGS84).

    Raises NotCovered where no contour is drawn, FetchError when a layer fails, is cut short or
    cannot be measured.
    """
    before = get.requests
    ground, box_of = _ground(territory, get)
    around = ground.around(AROUND)
    sites: list[Site] = []
    url = get.address(CARTO, CARTO_PATH.format(""))
    slivers = 0
    for layer in LAYERS:
        features = _by_box(layer, ground.box, get) if layer.wfs else _by_shape(layer, around, get)
        found = list(_sites(layer, features, ground, get.address(CARTO, layer.id)))
        kept = [site for site in found if _counts(site)]
        slivers += len(found) - len(kept)
        sites += kept
    rows = _rows(dataset, box_of, ground, sites, url)
    detail = _detail(sites, slivers)
    return Got(rows, url, None, get.requests - before, detail)


def _ground(territory: Territory | None, get: Get) -> tuple[Ground, str]:
    """The land of the territory, as the geo API draws it, and its code."""
    if territory is None or territory.fictional or territory.level not in geo.PATHS:
        raise NotCovered("La source se demande pour une commune ou un EPCI réels.")
    got = geo.fetch(catalog().datasets["admin_boundaries"], territory, get)
    contour = json.loads(got.rows["geometry_geojson"].iloc[0])
    try:
        return Ground(contour, territory.departement), territory.code
    except BadShape as error:
        raise FetchError(f"{got.url} : {error}") from error


def _by_shape(layer: Layer, around: Mapping[str, Any], get: Get) -> list[dict[str, Any]]:
    """The sites of a layer of API Carto that meet a shape, page after page."""
    features: list[dict[str, Any]] = []
    seen: set[str] = set()
    for _ in range(MAX_PAGES):
        sent = {"geom": around, "_limit": PAGE, "_start": len(features)}
        answer, url = get.json(CARTO, CARTO_PATH.format(layer.id), body=sent)
        page, total = _collection(answer, url)
        print_of = json.dumps(page, sort_keys=True)
        if page and print_of in seen:
            raise FetchError(f"{url} : liste incomplète, une page se répète")
        seen.add(print_of)
        features += page
        if not page or (total is None and len(page) < PAGE) or len(features) == total:
            break
    if total is not None and len(features) != total:
        raise FetchError(f"{url} : {len(features)} sites reçus, {total} annoncés")
    return features


def _by_box(layer: Layer, area: Box, get: Get) -> list[dict[str, Any]]:
    """The sites of a layer of the WFS whose shape meets a box.

    A server that reads latitudes first answers 200 without a site: an empty answer is believed
    only once the same layer has been seen full on the whole of metropole.
    """
    found = _boxed(layer, area, get, DEEPEST)
    if not found:
        answer, url = _asked(layer, METROPOLE, get, 1)
        if not _collection(answer, url)[0]:
            raise FetchError(
                f"{url} : couche {layer.id} vide sur toute la métropole, axes inversés ?"
            )
    return list(found.values())


def _boxed(layer: Layer, area: Box, get: Get, left: int) -> dict[str, dict[str, Any]]:
    """Features by their identifier; a box that holds too many is cut in four."""
    answer, url = _asked(layer, area, get, MOST)
    features, total = _collection(answer, url)
    cut = len(features) >= MOST if total is None else total > len(features)
    if not cut:
        return {_text(_field(feature, "id", url), url): feature for feature in features}
    if not left:
        raise FetchError(f"{url} : {len(features)} sites reçus, {total} annoncés")
    made: dict[str, dict[str, Any]] = {}
    for quarter in quarters(area):
        made |= _boxed(layer, quarter, get, left - 1)
    return made


def _asked(layer: Layer, area: Box, get: Get, count: int) -> tuple[Any, str]:
    params = {
        "SERVICE": "WFS",
        "VERSION": "2.0.0",
        "REQUEST": "GetFeature",
        "TYPENAMES": layer.id,
        "OUTPUTFORMAT": "application/json",
        "SRSNAME": CRS,
        "BBOX": ",".join(f"{one:.6f}" for one in area) + f",{CRS}",
        "COUNT": count,
        "STARTINDEX": 0,
    }
    return get.json(WFS, WFS_PATH, params)


def _collection(answer: Any, url: str) -> tuple[list[dict[str, Any]], int | None]:
    """The features of an answer and the number announced, where one is."""
    if not isinstance(answer, dict) or not isinstance(answer.get("features"), list):
        raise FetchError(f"{url} : réponse sans la liste « features »")
    features = answer["features"]
    if not all(isinstance(feature, dict) for feature in features):
        raise FetchError(f"{url} : un site n'est pas un objet")
    totals = [answer.get(key) for key in ("numberMatched", "totalFeatures")]
    known = [one for one in totals if isinstance(one, int) and not isinstance(one, bool)]
    returned = answer.get("numberReturned")
    if isinstance(returned, int) and returned != len(features):
        raise FetchError(f"{url} : {len(features)} sites reçus, {returned} dits renvoyés")
    return features, max(known, default=None)


def _sites(
    layer: Layer, features: list[dict[str, Any]], ground: Ground, url: str
) -> Iterator[Site]:
    """The sites, the features of one joined; those that only stand near are left out."""
    by_id: dict[str, list[dict[str, Any]]] = {}
    for feature in features:
        properties = _properties(feature, layer, url)
        by_id.setdefault(_text(properties[layer.key], url), []).append(feature)
    for code, own in by_id.items():
        first = _properties(own[0], layer, url)
        parts = _parts(own, ground, f"{url} : {code}")
        if parts is None or parts:
            name, page = (_words(first[key]) for key in (layer.name, layer.page))
            yield Site(layer, code, name, _address(page), parts)


def _parts(features: list[dict[str, Any]], ground: Ground, where: str) -> tuple[Part, ...] | None:
    """The pieces of a site within the territory; None when one has no shape at all."""
    made = []
    for feature in features:
        geometry = _field(feature, "geometry", where)
        if geometry is None:
            return None
        try:
            part = ground.part(geometry)
        except BadShape as error:
            raise FetchError(f"{where} : {error}") from error
        made += [part] if part else []
    return tuple(made)


def _counts(site: Site) -> bool:
    return site.parts is None or sum(part.hectares for part in site.parts) >= MIN_HECTARES


def _properties(feature: dict[str, Any], layer: Layer, url: str) -> dict[str, Any]:
    given = _field(feature, "properties", url)
    missing = (
        []
        if not isinstance(given, dict)
        else [key for key in (layer.key, layer.name, layer.page) if key not in given]
    )
    if not isinstance(given, dict) or missing:
        raise FetchError(f"{url} : champ {', '.join(missing) or 'properties'} absent")
    return given


def _field(feature: dict[str, Any], key: str, url: str) -> Any:
    if key not in feature:
        raise FetchError(f"{url} : champ {key} absent")
    return feature[key]


def _text(given: Any, url: str) -> str:
    """An identifier; raises FetchError when it is none."""
    words = _words(given) if isinstance(given, str | int) and not isinstance(given, bool) else None
    if not words:
        raise FetchError(f"{url} : site sans identifiant")
    return words


def _words(given: Any) -> str | None:
    return " ".join(str(given).split())[:300] or None if given is not None else None


def _address(page: str | None) -> str | None:
    return page if page and page.startswith(("https://", "http://")) else None


def _rows(dataset: Dataset, code: str, ground: Ground, sites: list[Site], url: str) -> pd.DataFrame:
    names = ["territory", *(column.name for column in dataset.columns)]
    try:
        whole = [ground.joined(site.parts) if site.parts else None for site in sites]
        drawn = [part for part in whole if part]
        alone = iter(ground.alone(drawn))
    except BadShape as error:
        raise FetchError(f"{url} : {error}") from error
    rows = [
        {
            "territory": code,
            "nom": site.name,
            "type_zonage": site.layer.label,
            "surface_ha": round(part.hectares, 2) if part else math.nan,
            "geometry_geojson": json.dumps(part.geometry, separators=(",", ":")) if part else None,
            "famille": site.layer.family,
            "id_zonage": site.id,
            "couche": site.layer.id,
            "url": site.page,
            "surface_seule_ha": round(next(alone), 2) if part else math.nan,
            "surface_territoire_ha": round(ground.hectares, 2),
        }
        for site, part in zip(sites, whole, strict=True)
    ]
    return pd.DataFrame(rows, columns=names)


def _detail(sites: list[Site], slivers: int) -> str | None:
    unknown = sum(site.parts is None for site in sites)
    said = []
    if slivers:
        said.append(
            f"sites dont le bord touche seulement le territoire, laissés de côté : {slivers}"
        )
    if unknown:
        said.append(f"sites sans contour dans la source, surface inconnue : {unknown}")
    return " ; ".join(said) or None

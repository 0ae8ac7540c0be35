"""Any paged JSON API by its card: every dialect, groups of codes, caps that are split."""

from __future__ import annotations

import json
from dataclasses import replace
from urllib.parse import parse_qsl

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from connectors import paged_json
from connectors.fetching import FetchError, NotCovered
from connectors.paged_json import Part, Question
from connectors.reading.dialects import SHAPES
from connectors.runs.planning import Task, plan
from connectors.runs.tasks import Run
from data.catalog import catalog
from data.territories import acv_towns, territory
from tests.connectors.servers import client

CODES = tuple(town.code for town in acv_towns())


@pytest.fixture
def site(httpserver: HTTPServer, monkeypatch) -> HTTPServer:
    monkeypatch.setenv("ACV_ENDPOINT_HUBEAU", httpserver.url_for(""))
    monkeypatch.setenv("ACV_ENDPOINT_GEORISQUES", httpserver.url_for(""))
    return httpserver


def answers(site: HTTPServer, answer, path: str = "/p") -> list[dict]:
    """Serve what `answer(parameters)` gives; the parameters of each request, as they came."""
    asked: list[dict] = []

    def handler(request: Request) -> Response:
        params = dict(parse_qsl(request.query_string.decode(), keep_blank_values=True))
        asked.append(params)
        made = answer(params)
        if isinstance(made, Response):
            return made
        return Response(json.dumps(made), 206, content_type="application/json")

    site.expect_request(path).respond_with_handler(handler)
    return asked


def paged(kind: str, rows: list, number: int, size: int, total: int | None = None) -> dict:
    """One page of a list as each dialect writes it."""
    first, all_of = SHAPES[kind].first, len(rows) if total is None else total
    start = (number - first) * size
    page, count = rows[start : start + size], -(-len(rows) // size)
    more = number - first + 1 < count
    link = f"https://ailleurs.invalid/x?page={number + 1}&code=autre" if more else None
    return {
        "georisques": {"results": all_of, "page": number, "total_pages": count, "data": page},
        "spring": {"totalElements": all_of, "totalPages": count, "content": page},
        "hubeau": {"count": all_of, "next": link, "data": page},
        "links": {"meta": {"total": all_of}, "links": {"next": link}, "data": page},
        "udata": {"total": all_of, "next_page": link, "data": page},
    }[kind]


def ask(kind: str = "hubeau", **more) -> Question:
    return Question("HUBEAU", "/p", kind, "codes", **{"page_size": 2, **more})


@pytest.mark.parametrize("kind", sorted(SHAPES))
def test_each_dialect_is_read_to_its_last_page(site, kind):
    shape = SHAPES[kind]
    asked = answers(site, lambda p: paged(kind, [1, 2, 3, 4, 5], int(p[shape.page]), 2))
    assert paged_json.gathered(ask(kind), CODES[:1], client()) == [1, 2, 3, 4, 5]
    assert [int(p[shape.page]) for p in asked] == [shape.first, shape.first + 1, shape.first + 2]
    assert {p[shape.size] for p in asked} == {"2"}
    assert all(p["codes"] == CODES[0] for p in asked), "les filtres restent ceux demandés"


@pytest.mark.parametrize("kind", sorted(SHAPES))
def test_fewer_rows_than_announced_are_refused(site, kind):
    answers(site, lambda p: paged(kind, [1, 2, 3], int(p[SHAPES[kind].page]), 2, total=4))
    with pytest.raises(FetchError, match="3 lignes reçues, 4 annoncées"):
        paged_json.gathered(ask(kind), CODES[:1], client())


@pytest.mark.parametrize("kind", sorted(SHAPES))
def test_a_page_that_comes_back_is_refused(site, kind):
    answers(site, lambda p: paged(kind, [1, 2, 3, 4, 5], SHAPES[kind].first, 2))
    with pytest.raises(FetchError, match="répète une page"):
        paged_json.gathered(ask(kind), CODES[:1], client())


@pytest.mark.parametrize(
    "answer",
    [
        [],
        {},
        None,
        "texte",
        {"count": 1, "data": {"a": 1}},
        {"data": [1]},
        {"count": True, "data": [1]},
        {"count": "1", "data": [1]},
        {"count": -1, "data": []},
        {"count": 3, "data": [1], "next": "https://x.invalid/?autre=2"},
        {"error": {"code": 400, "message": "Invalid query"}},
    ],
)
def test_an_answer_of_another_shape_is_refused(site, answer):
    answers(site, lambda p: Response(json.dumps(answer), content_type="application/json"))
    with pytest.raises(FetchError, match="127.0.0.1|localhost"):
        paged_json.gathered(ask(), CODES[:1], client())


def test_an_empty_answer_of_georisques_may_have_no_pages(site):
    answers(site, lambda p: {"results": 0, "total_pages": None, "data": []})
    assert paged_json.gathered(ask("georisques"), CODES[:1], client()) == []


def test_no_request_names_more_than_twenty_communes(site):
    asked = answers(site, lambda p: {"count": 1, "next": None, "data": [p["codes"]]})
    got = paged_json.gathered(ask(), CODES[:45], client())
    assert [len(made.split(",")) for made in got] == [20, 20, 5]
    assert ",".join(p["codes"] for p in asked) == ",".join(CODES[:45])


def test_an_address_stays_under_what_servers_read(site):
    asked = answers(site, lambda p: {"count": 1, "next": None, "data": [p["codes"]]})
    long = ask(query={"fields": "x" * 1950})
    got = paged_json.gathered(long, CODES[:20], client())
    assert ",".join(got) == ",".join(CODES[:20]) and len(asked) > 1
    assert all(len(log[0].url) < 2083 for log in site.log)


def test_codes_may_stand_in_the_path(site):
    answers(site, lambda p: {"count": 1, "next": None, "data": ["un"]}, f"/c/{CODES[0]}")
    answers(site, lambda p: {"count": 1, "next": None, "data": ["deux"]}, f"/c/{CODES[1]}")
    one = replace(ask(), path="/c/{code}")
    assert paged_json.gathered(one, CODES[:2], client()) == ["un", "deux"]


class Counting:
    """A source that holds rows by commune and year, and refuses to give more than a cap."""

    def __init__(self, held: dict[tuple[str, int], int], cap: int) -> None:
        self.held, self.cap, self.requests = held, cap, 0

    def address(self, endpoint: str, path: str) -> str:
        return f"https://exemple.invalid{path}"

    def json(self, endpoint, path, params):
        self.requests += 1
        first, last = int(params["since"][:4]), int(params["until"][:4])
        rows = [
            f"{code} {year} {number}"
            for code in params["codes"].split(",")
            for year in range(first, last + 1)
            for number in range(self.held.get((code, year), 0))
        ]
        size, page = int(params["size"]), int(params["page"])
        assert page * size <= max(self.cap, size), "au-delà de ce que la source donne"
        more = f"?page={page + 1}" if page * size < len(rows) else None
        shown = rows[(page - 1) * size : page * size]
        return {"count": len(rows), "next": more, "data": shown}, path


HELD = st.dictionaries(
    st.tuples(st.sampled_from(CODES[:6]), st.integers(2024, 2026)), st.integers(0, 12), max_size=18
)


@given(held=HELD)
@settings(max_examples=8, deadline=None, derandomize=True)
def test_a_cap_is_split_and_nothing_is_lost(held):
    check_split(held)


@pytest.mark.deep
@given(held=HELD)
@settings(max_examples=400, deadline=None)
def test_a_cap_is_split_and_nothing_is_lost_whatever_is_held(held):
    check_split(held)


def check_split(held: dict[tuple[str, int], int]) -> None:
    source = Counting(held, cap=12)
    asked = ask(page_size=4, cap=12, years=3, since="since", until="until")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ACV_TODAY", "2026-11-22")
        got = paged_json.gathered(asked, CODES[:6], source)  # type: ignore[arg-type]
    wanted = {f"{c} {y} {n}" for (c, y), count in held.items() for n in range(count)}
    assert set(got) == wanted and len(got) == len(wanted)


def test_what_cannot_be_cut_any_more_is_a_failure_not_a_truncation(monkeypatch):
    monkeypatch.setenv("ACV_TODAY", "2026-11-22")
    source = Counting({(CODES[0], 2025): 13}, cap=12)
    asked = ask(page_size=4, cap=12, years=3, since="since", until="until")
    with pytest.raises(FetchError, match="13 lignes annoncées, 12 au plus"):
        paged_json.gathered(asked, CODES[:6], source)  # type: ignore[arg-type]


def test_without_a_second_bound_years_are_not_cut():
    part = Part(CODES[:1], (2024, 2025))
    with pytest.raises(FetchError):
        paged_json._smaller(ask(since="since"), part, "trop")


# --- through a card ----------------------------------------------------------------------------


def radon(code: str, value: object = "2") -> dict:
    return {"code_insee": code, "libelle_commune": "X", "classe_potentiel": value}


def radon_card():
    card = catalog().datasets["radon_potential"]
    return card, card.source("paged_json")


def envelope(rows: list) -> dict:
    return {"results": len(rows), "page": 1, "total_pages": 1, "data": rows, "next": None}


def serve_radon(site, rows: list) -> list[dict]:
    return answers(site, lambda p: envelope(rows), "/api/v1/radon")


def test_towns_the_source_forgets_are_said_not_covered_and_keep_their_copy(site, empty_store):
    card, source = radon_card()
    towns = acv_towns()[:3]
    task = Task(card, source, None, towns)
    serve_radon(site, [radon(town.code) for town in towns])
    first = Run(empty_store, client()).perform(task)
    assert [line.status for line in first] == ["ok", "ok", "ok"]
    site.clear()
    serve_radon(site, [radon(towns[0].code, "3")])
    second = Run(empty_store, client()).perform(task)
    assert [line.status for line in second] == ["ok", "not_covered", "not_covered"]
    rows = empty_store.rows("select * from radon_potential order by territory")
    assert [row["radon_class"] for row in rows] == [3, 2, 2]


def test_nothing_at_all_where_each_commune_has_a_row_is_not_a_zero(site):
    card, _ = radon_card()
    serve_radon(site, [])
    with pytest.raises(NotCovered, match="ne donne pas la classe"):
        paged_json.fetch(card, territory("46042"), client())


def test_an_unavailable_service_leaves_the_last_good_copy(site, empty_store):
    card, source = radon_card()
    task = Task(card, source, territory("46042"))
    serve_radon(site, [radon("46042")])
    Run(empty_store, client()).perform(task)
    site.clear()
    site.expect_request("/api/v1/radon").respond_with_data("<html>503</html>", 503)
    line = Run(empty_store, client()).perform(task)[0]
    assert line.status == "failed" and "service indisponible" in line.detail
    assert len(empty_store.rows("select * from radon_potential")) == 1


@pytest.mark.parametrize("value", ["4", "0", "2,5", "élevé", None, {"a": 1}, True, "NaN", 10**400])
def test_a_class_that_cannot_be_is_never_kept(site, empty_store, value):
    card, source = radon_card()
    serve_radon(site, [radon("46042", value)])
    line = Run(empty_store, client()).perform(Task(card, source, territory("46042")))[0]
    stored = empty_store.rows("select * from radon_potential") if line.good else []
    assert all(row["radon_class"] is None for row in stored), line.detail
    assert "inattendue" not in (line.detail or "")


def test_the_class_of_a_former_code_is_that_of_the_commune_of_today(site):
    from data.territories import _old_codes

    old, code = next(iter(_old_codes().items()))
    card, _ = radon_card()
    serve_radon(site, [radon(old, "1")])
    got = paged_json.fetch(card, territory(code), client())
    assert list(got.rows["territory"]) == [code]


def test_an_agglomeration_is_asked_by_its_communes(site):
    card, source = radon_card()
    place = territory(territory("46042").epci)
    from data.territories import members

    inside = members(place)
    asked = answers(
        site,
        lambda p: envelope([radon(code) for code in p["code_insee"].split(",")]),
        "/api/v1/radon",
    )
    got = paged_json.fetch(card, place, client())
    assert set(got.rows["territory"]) == set(inside) and len(asked) == -(-len(inside) // 20)
    assert got.requests == len(asked) and "code_insee=" in got.url


def test_a_programme_run_stays_within_its_share_of_requests():
    from connectors.runs.planning import budget

    ours = {"GEORISQUES": 80, "HUBEAU": 80}
    tasks = [task for task in plan(acv_towns()) if task.source.endpoint in ours]
    spent = budget(tasks).requests
    assert spent and all(count <= 80 for count in spent.values()), spent


def test_communes_without_a_row_are_named_or_counted():
    towns = acv_towns()
    assert paged_json.named(towns[:2], 20) == (
        f"{towns[0].name} ({towns[0].code}), {towns[1].name} ({towns[1].code})"
    )
    assert paged_json.named(towns[:12], 20) == "12 communes sur 20"


def test_a_source_that_ignores_its_filter_is_left_at_its_first_page(site):
    card, _ = radon_card()
    france = [radon(town.code) for town in acv_towns()]
    asked = answers(
        site, lambda p: paged("georisques", france, int(p["page"]), 10), "/api/v1/radon"
    )
    with pytest.raises(FetchError, match="filtre ignoré"):
        paged_json.fetch(card, territory("46042"), client())
    assert len(asked) == 1


def test_levels_that_are_no_commune_are_not_covered():
    card, _ = radon_card()
    for place in (None, territory("dep:46"), territory("00001")):
        with pytest.raises(NotCovered):
            paged_json.fetch(card, place, client())


def test_things_without_an_identifier_are_not_one_thing():
    rows = pd.DataFrame({"territory": ["46042"] * 4, "id": ["a", "a", None, None]})
    kept, notes = paged_json.once(rows, ["id"])
    assert kept["id"].isna().sum() == 2 and len(kept) == 3
    assert notes == ["lignes répétées par la source, gardées une fois : 1"]

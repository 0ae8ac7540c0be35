"""Climadiag: the newest archive, its units, what it leaves out, and archives that mean harm."""

from __future__ import annotations

import io
import tarfile
from dataclasses import replace

import pandas as pd
import pytest

from connectors import climadiag
from connectors.fetching import FetchError, Got, NotCovered
from data.catalog import catalog
from data.store import Store
from data.territories import territory
from diagnostics.indicators.compute import compute
from tests.bench.climadiag import HEADER, lines

TAR = "CLIMADIAG_COMMUNE/donnees_climadiag_commune_v{}_{}.tar"
NEWEST = TAR.format(411, 20260908)


class Bucket:
    """A `get` that lists some keys and gives one archive."""

    requests = 0

    def __init__(self, keys=(NEWEST,), archive=None, pages=None) -> None:
        self.pages = pages or [listing(keys)]
        self.archive = archive
        self.asked: list[str] = []

    def text(self, endpoint_id, path, params=None):
        number = int(params.get("continuation-token") or 0)
        return self.pages[min(number, len(self.pages) - 1)], "https://depot.example/"

    def file(self, endpoint_id, path, kinds=("zip",), params=None):
        self.asked.append(path)
        return self.archive

    def address(self, endpoint_id, path):
        return f"https://depot.example{path}"


def listing(keys, following: str | None = None) -> str:
    rows = "".join(f"<Contents><Key>{key}</Key></Contents>" for key in keys)
    more = f"<NextContinuationToken>{following}</NextContinuationToken>" if following else ""
    said = "true" if following else "false"
    return (
        '<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
        f"<IsTruncated>{said}</IsTruncated>{more}{rows}</ListBucketResult>"
    )


def card(floor: int = 1):
    found = catalog().datasets["climate_projections"]
    source = found.source("climadiag")
    small = replace(source, params={**source.params, "min_communes": floor})
    return replace(found, sources=(small,))


@pytest.fixture
def read(tmp_path):
    """Read an archive made of these members; a member may be a TarInfo ready made."""

    def from_members(members: dict[str, str | bytes], cut: int = 0, **options) -> Got:
        path = tmp_path / "climadiag.tar"
        with tarfile.open(path, "w") as tar:
            for name, text in members.items():
                body = text if isinstance(text, bytes) else text.encode()
                info = tarfile.TarInfo(name)
                info.size = len(body)
                tar.addfile(info, io.BytesIO(body))
            for info in options.pop("more", ()):
                tar.addfile(info)
        if cut:
            path.write_bytes(path.read_bytes()[:-cut])
        bucket = Bucket(archive=path)
        return climadiag.fetch(card(options.pop("floor", 1)), None, bucket)

    return from_members


def commune(code: str, **values: str) -> str:
    """A whole file; `S1="1,2,3,4"` replaces ref, low, median, high of an indicator."""
    made = lines(code, "Villefictive", "commune")
    for indicator, numbers in values.items():
        made = "\n".join(
            ",".join([*line.split(",")[:7], numbers]) if f",{indicator}," in line else line
            for line in made.split("\n")
        )
    return made


def place(code: str) -> str:
    return f"indicateurs_par_{'epci' if len(code) == 9 else 'commune'}/{code}.csv"


def value(got: Got, code: str, indicator: str, horizon: str, statistic: str):
    rows = got.rows
    found = rows[
        (rows["territory"] == code)
        & (rows["indicator"] == indicator)
        & (rows["horizon"] == horizon)
        & (rows["statistic"] == statistic)
    ]["value"].tolist()
    assert len(found) <= 1
    return found[0] if found else None


CAHORS = {place("46042"): commune("46042")}


# --- which archive -------------------------------------------------------------------------------


def test_the_newest_csv_archive_is_taken(tmp_path, read):
    read(CAHORS)
    keys = [
        TAR.format(9, 20260101),
        NEWEST,
        TAR.format(410, 20260301),
        "CLIMADIAG_COMMUNE/donnees_climadiag_commune_json_v500_20261001.tar",
        "CLIMADIAG_COMMUNE/../secret/donnees_climadiag_commune_v999_20270101.tar",
        "AUTRE/donnees_climadiag_commune_v999_20270101.tar",
    ]
    bucket = Bucket(keys, tmp_path / "climadiag.tar")
    got = climadiag.fetch(card(), None, bucket)
    assert bucket.asked == [f"/meteofrance-drias/{NEWEST}"]
    assert got.vintage == "v411 du 08/09/2026"


def test_the_list_is_read_to_its_last_page(tmp_path, read):
    read(CAHORS)
    pages = [listing([TAR.format(1, 20200101)], "1"), listing([NEWEST])]
    bucket = Bucket(archive=tmp_path / "climadiag.tar", pages=pages)
    assert climadiag.fetch(card(), None, bucket).vintage == "v411 du 08/09/2026"


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (listing(["CLIMADIAG_COMMUNE/lisez_moi.pdf"]), "aucune archive"),
        (listing([NEWEST])[:-30], "illisible ou tronquée"),
        ("<Error><Code>AccessDenied</Code></Error>", "Error reçu"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><ListBucketResult>&a;</ListBucketResult>', "illisible"),
        (listing([NEWEST], "0"), "sans fin"),
    ],
)
def test_a_list_that_shows_nothing_is_refused(page, said):
    with pytest.raises(FetchError, match=said):
        climadiag.fetch(card(), None, Bucket(pages=[page]))


def test_one_town_is_never_asked_alone():
    with pytest.raises(NotCovered):
        climadiag.fetch(card(), territory("46042"), Bucket())


# --- what is read --------------------------------------------------------------------------------


def test_words_and_units_are_those_of_the_shipped_extract(read, embedded_store):
    rows = read(CAHORS).rows
    shipped = embedded_store.frame(
        "select distinct indicator, horizon, statistic, unit from climate_projections"
        " where territory = '46042'"
    )
    names = ["indicator", "horizon", "statistic", "unit"]
    assert set(map(tuple, rows[names].astype(str).to_numpy())) == set(
        map(tuple, shipped[names].to_numpy())
    )
    assert len(rows) == len(shipped) == 50


def test_summer_alone_is_read_of_the_dry_days_and_a_zero_is_a_zero(read):
    got = read({place("46042"): commune("46042", R4="0,0,0,0")})
    assert value(got, "46042", "dry", "2050", "median") == 36
    assert value(got, "46042", "fire", "2050", "low") == 0


@pytest.mark.parametrize("given", ["", "nd", "06/03", "NaN", "1e9", "inf"])
def test_what_is_no_number_is_no_row(read, given):
    members = {**CAHORS, place("46102"): commune("46102", S1=f"3,4,{given},11")}
    got = read(members)
    assert value(got, "46102", "d35", "2050", "median") is None
    assert value(got, "46102", "d35", "2050", "high") == 11


def test_overseas_old_codes_and_unknown_ones(read):
    got = read(
        {
            **CAHORS,
            place("97411"): commune("97411"),
            place("01003"): commune("01003", S1="1,1,1,1"),  # now part of 01165
            place("99999"): commune("99999"),
            place("200023737"): lines("200023737", "CA", "epci"),
            place("999999999"): lines("999999999", "CA", "epci"),
        }
    )
    assert set(got.rows["territory"]) == {"46042", "01165", "200023737"}
    assert "outre-mer laissé de côté : 1 communes" in got.detail
    assert "codes inconnus laissés de côté : 2" in got.detail


def test_a_commune_that_has_its_own_file_keeps_it_after_a_merger(read):
    both = {place("01003"): commune("01003", S1="1,1,1,1"), place("01165"): commune("01165")}
    got = read(both)
    assert value(got, "01165", "d35", "2050", "median") == 9
    assert "anciennes communes laissées de côté : 1" in got.detail


def test_a_reference_that_changes_with_the_horizon_is_refused(read):
    made = commune("46042").replace("S1,annuel,2050,,3,", "S1,annuel,2050,,5,")
    with pytest.raises(FetchError, match="période de référence"):
        read({place("46042"): made})


def test_quotes_and_carriage_returns_are_read_as_plain_lines(read):
    quoted = commune("46042").replace("Villefictive", '"Ville, ""fictive"""')
    got = read({place("46042"): quoted.replace("\n", "\r\n").encode()})
    assert value(got, "46042", "n20", "2100", "high") == 11


def test_rows_that_came_make_the_figures_of_a_town_and_of_its_epci(embedded_store, read, tmp_path):
    store = Store.open(":memory:")
    members = {**CAHORS, place("200023737"): lines("200023737", "CA", "epci")}
    got = read(members)
    from connectors.runs.planning import Task
    from connectors.runs.tasks import Run

    made = card()
    client = type("Client", (Bucket,), {"bytes": 0, "seen": {}, "begin": lambda *_: None})
    run = Run(store, client(archive=tmp_path / "climadiag.tar"))
    line = run.perform(Task(made, made.source("climadiag"), None))[0]
    assert (line.status, line.rows) == ("ok", len(got.rows))
    for code in ("46042", "200023737"):
        found = {one.id: one.value for one in compute(store, territory(code), "climat")}
        assert found["d35_2050"] == 9
        assert found["dry_2100"] == 36
    store.close()


# --- hollow, broken and hostile archives --------------------------------------------------------


@pytest.mark.parametrize("cut", [10_000, 12_000, 14_000])
def test_an_archive_cut_short_is_refused(read, cut):
    members = {place(code): commune(code) for code in ("46042", "46102", "54395")}
    with pytest.raises(FetchError, match="tronquée"):
        read(members, cut=cut)


@pytest.mark.parametrize("more", [0, 200])
def test_an_archive_cut_between_two_files_is_refused(read, tmp_path, more):
    """No file is cut: only the end of the archive, which is missing, tells it."""
    read({place(code): commune(code) for code in ("46042", "46102")})
    path = tmp_path / "climadiag.tar"
    first = 512 + -(-len(commune("46042").encode()) // 512) * 512
    path.write_bytes(path.read_bytes()[: first + more])
    with pytest.raises(FetchError, match="tronquée après 1 fichiers"):
        climadiag.fetch(card(), None, Bucket(archive=path))


def test_a_hollow_archive_is_refused(read):
    with pytest.raises(FetchError, match="indicateur S1 lu pour 1 communes"):
        read(CAHORS, floor=2)
    with pytest.raises(FetchError, match="aucun fichier de commune"):
        read({"metadonnees.csv": "46042"})
    with pytest.raises(FetchError, match="indicateur R5"):
        read({place("46042"): commune("46042").replace(",été,", ",summer,")})


def test_columns_out_of_order_are_refused(read):
    with pytest.raises(FetchError, match="désordre"):
        read({place("46042"): commune("46042", S1="3,11,9,4")})
    with pytest.raises(FetchError, match="colonne median absente"):
        read({place("46042"): commune("46042").replace("median", "moyenne")})


def test_a_file_that_speaks_of_another_commune_is_refused(read):
    with pytest.raises(FetchError, match="fichiers sur 1 sans les colonnes ou le code"):
        read({place("46042"): commune("29019")})


def test_few_broken_files_are_left_aside_many_are_refused(read):
    good = {place(code): commune(code) for code in some_codes(150)}
    got = read({**good, place("46042"): "<html>"})
    assert got.rows["territory"].nunique() == 150
    broken = {name: "<html>" for name in list(good)[:5]}
    with pytest.raises(FetchError, match="5 fichiers sur 150"):
        read({**dict(reversed(good.items())), **broken})


def some_codes(count: int) -> list[str]:
    known = pd.read_parquet("data/embedded/territories.parquet")
    codes = known.loc[(known["level"] == "commune") & (known["code"] != "46042"), "code"]
    return sorted(code for code in codes if not code.startswith(("97", "98", "00")))[:count]


def test_names_of_members_are_never_paths(read, tmp_path):
    link = tarfile.TarInfo(place("29019"))
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    got = read(
        {
            **CAHORS,
            "/etc/indicateurs_par_commune/46102.csv": commune("46102"),
            "../../indicateurs_par_commune/evil.csv": commune("54395"),
        },
        more=[link],
    )
    assert set(got.rows["territory"]) == {"46042", "46102"}
    assert not (tmp_path / "etc").exists()


def test_a_file_out_of_all_proportion_is_refused(read):
    with pytest.raises(FetchError, match="octets dans l'archive"):
        read({**CAHORS, place("46102"): b"a" * 500_000})
    with pytest.raises(FetchError, match="fichiers sur 2"):
        read({**CAHORS, place("46102"): HEADER.encode() + b'"' + b"a" * 300_000})


def test_a_header_that_lies_about_its_size_is_not_believed(read):
    long = tarfile.TarInfo("x" * 2_000_000)  # as a pax or GNU name of two megabytes
    with pytest.raises(FetchError, match="illisible ou tronquée"):
        read(CAHORS, more=[long])

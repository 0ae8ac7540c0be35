"""État des sources: failed, refused, fresh, never, out of reach, offline; what each one says."""

import csv
import html
import io
from dataclasses import replace
from datetime import date, timedelta

import pytest

from connectors import refresh
from data.catalog import catalog
from data.records import EDITOR, Person, today_utc
from data.store import Fetch, Finding
from data.territories import territory
from tests.ui.conftest import words
from ui import source_list, source_state_file, source_state_words, who
from ui.source_state import STATES, standings

CAHORS = territory("46042")
DAY = date(2026, 11, 21)
FELL = "https://files.georisques.fr/x.zip : 12 lignes reçues, 800 le 10/11/2026 ; la copie d'avant"
DOWN = "https://files.georisques.fr/x.zip : réponse 503 (service indisponible) après 4 essais"
# (dataset, connector) -> the lines logged, oldest first: (status, days ago, rows, detail)
LOG = {
    ("catnat_orders", "gaspar"): [
        ("ok", 9, 300, None),
        ("failed", 2, 0, DOWN),
        ("failed", 1, 0, DOWN),
    ],
    ("risk_records", "gaspar"): [("ok", 12, 800, None), ("failed", 0, 0, FELL)],
    ("prevention_plans", "gaspar"): [("failed", 5, 0, DOWN), ("ok", 3, 4200, None)],
    ("admin_boundaries", "geo"): [("offline", 0, 0, "réseau interdit")],
    ("published_datasets", "catalogue_search"): [("not_covered", 0, 0, "Hors couverture.")],
}
STATE_OF = {
    "catnat_orders.gaspar": "failed",
    "risk_records.gaspar": "refused",
    "prevention_plans.gaspar": "fresh",
    "admin_boundaries.geo": "offline",
    "published_datasets.catalogue_search": "not_covered",
}  # fmt: skip


def line(dataset: str, connector: str, status: str, days: int, rows=0, detail=None) -> Fetch:
    source = catalog().datasets[dataset].source(connector)
    scope = "FR" if source.bulk else "46042"
    moment = today_utc() - timedelta(days=days)
    moved = 1_234_567 if rows else 0
    return Fetch(
        dataset, scope, source.level, status, rows, 1.0, 4, source.url or "", "2026-11", moment,
        detail, connector, source.producer, source.licence, moved,
    )  # fmt: skip


def refusal() -> Finding:
    now = today_utc()
    return Finding(now, now - timedelta(days=12), "FR", "risk_records", "refused", FELL)


@pytest.fixture
def filled(store):
    """The embedded default and a log where every state is met."""
    return noted(store)


@pytest.fixture
def logged(empty_store):
    """The same log alone."""
    return noted(empty_store)


def noted(store):
    for (dataset, connector), lines in LOG.items():
        for status, days, rows, detail in lines:
            store.log(line(dataset, connector, status, days, rows, detail))
    gone = replace(
        refusal(), id="00000000-0000-7000-8000-000000000001", territory="46042",
        dataset="published_datasets", kind="dataset_gone", subject="Arbres <b>de Cahors</b>",
    )  # fmt: skip
    store.find(refusal(), gone)
    return store


@pytest.fixture
def team(monkeypatch):
    """An editor at the keyboard."""
    monkeypatch.setattr(who, "person", lambda: Person(EDITOR))


def made(store, place=CAHORS):
    lines = store.fetches()
    cards = catalog().datasets.values()
    return {one.key: one for one in standings(cards, lines, store.findings(), place)}


# --- where a source stands -----------------------------------------------------------------------


def test_each_source_has_the_state_of_its_last_answer(logged):
    found = made(logged)
    assert {key: found[key].state for key in STATE_OF} == STATE_OF
    sources = sum(len(card.sources) for card in catalog().datasets.values())
    assert len(found) == sources
    assert {one.state for one in found.values()} <= set(STATES)


def test_what_was_never_asked_is_neither_failed_nor_fresh(empty_store):
    states = {one.state for one in made(empty_store).values()}
    assert states <= {"never", "programme", "not_covered"}


def test_a_failure_since_mended_is_told_but_does_not_count(logged):
    one = made(logged)["prevention_plans.gaspar"]
    assert (one.state, one.streak, one.rows) == ("fresh", (), 4200)
    assert one.failure is not None
    assert source_state_words.trouble(one) == ""


def test_a_failure_says_since_when_and_what_serves(logged):
    one = made(logged)["catnat_orders.gaspar"]
    assert source_state_words.trouble(one) == (
        "En échec depuis le 19\u00a0novembre\u00a02026 (2 essais)\u00a0: le service est "
        "momentanément indisponible (files.georisques.fr)."
    )
    assert "La copie du 12\u00a0novembre\u00a02026 sert" in source_state_words.serving(one)
    assert "300\u00a0lignes" in source_state_words.serving(one)
    assert one.age(DAY) == 9


def test_another_town_s_failure_is_not_this_one_s(logged):
    logged.log(replace(line("admin_boundaries", "geo", "failed", 0), territory="84007"))
    assert made(logged)["admin_boundaries.geo"].state == "offline"
    assert made(logged, territory("84007"))["admin_boundaries.geo"].state == "failed"
    everywhere = made(logged, None)["admin_boundaries.geo"]
    assert (everywhere.state, everywhere.troubled) == ("failed", 1)


def test_a_refusal_mended_since_is_no_longer_one(logged):
    logged.log(line("risk_records", "gaspar", "ok", 0, 12))
    assert made(logged)["risk_records.gaspar"].state == "fresh"


def test_a_shipped_extract_that_lacks_the_town_is_out_of_reach(embedded_store):
    assert made(embedded_store)["climate_projections.embedded"].state == "embedded"
    assert (
        made(embedded_store, territory("46128"))["property_sales.embedded"].state == "not_covered"
    )


def test_the_lines_that_the_store_keeps_for_it_say_the_same_as_the_whole_log(logged):
    for days in range(15, 3, -1):
        logged.log(replace(line("admin_boundaries", "geo", "failed", days), territory="84007"))
    for days in (40, 30, 20):
        logged.log(replace(line("admin_boundaries", "geo", "ok", days, 1), territory="84007"))
    cards = catalog().datasets.values()
    short = standings(cards, logged.standing(), logged.findings(), None)
    whole = standings(cards, logged.fetches(), logged.findings(), None)
    assert [facts(one) for one in short] == [facts(one) for one in whole]
    assert len(logged.standing()) == len(logged.fetches()) - 2


def facts(one):
    moments = [made.fetched_at if made else None for made in (one.last, one.good, one.failure)]
    return (one.key, one.state, *moments, one.since, len(one.streak), one.rows, one.served)


# --- words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("detail", "said"),
    [
        ("https://x.fr/a : réponse 503 (service indisponible) après 4 essais", "indisponible"),
        ("https://x.fr/a : réponse 429 (trop de demandes) « 40 000 »", "trop de demandes"),
        ("https://x.fr/a : réponse 404 (introuvable)", "n'existe plus"),
        ("https://x.fr/a : réponse 410 (supprimé)", "supprimé la donnée"),
        ("https://x.fr/a : réponse 500 (erreur du serveur)", "serveur de la source est en erreur"),
        ("https://x.fr/a : réponse 403 (accès interdit)", "refuse l'accès"),
        ("https://x.fr/a : connexion refusée après 4 essais", "refuse la connexion"),
        ("https://x.fr/a : réponse trop lente après 4 essais", "trop lente"),
        ("https://x.fr/a : délai total dépassé", "trop lente"),
        ("https://x.fr/a : nom d'hôte introuvable après 4 essais", "introuvable sur le réseau"),
        ("https://x.fr/a : plus de 5 redirections", "d'adresse en adresse"),
        ("https://x.fr/a : page HTML reçue à la place des données", "page pour lecteurs"),
        ("https://x.fr/a : réponse vide (0 octet)", "réponse est vide"),
        ("https://x.fr/a : JSON illisible ou tronqué (12 octets)", "incomplète"),
        ("https://x.fr/a : réponse compressée tronquée", "incomplète"),
        ("https://x.fr/a : colonnes absentes ['a'], inconnues ['b']", "colonnes ont changé"),
        ("https://x.fr/a : réponse pour 46001, non pour le territoire demandé", "autre lieu"),
        ("https://x.fr/a : réponse de plus de 30000000 octets", "plus grosse que prévu"),
        ("https://x.fr/a : 3 lignes reçues, 90 annoncées", "incomplète"),
        ("https://x.fr/a : réponse sans la clé « data »", "colonnes ont changé"),
        ("https://x.fr : aucune réponse à 3 demandes de suite, non redemandé", "ne répondait plus"),
        ("clé d'accès absente : ACV_X_KEY", "clé d'accès"),
        ("réponse inattendue (KeyError)", "illisible"),
        (FELL, "bien moins de lignes"),
        (None, "réponse inattendue"),
        ("https://x.fr/" + "a" * 500, "réponse inattendue"),
    ],
)
def test_a_failure_is_said_in_words_without_address_or_number(detail, said):
    words_ = source_state_words.cause(detail)
    assert said in words_
    assert "http" not in words_
    assert not any(character.isdigit() for character in words_)


def test_weights_are_those_of_people():
    assert source_state_words.weight(812) == "812\u00a0octets"
    assert source_state_words.weight(8_123_456) == "8,1\u00a0Mo"
    assert source_state_words.weight(320_000_000) == "320\u00a0Mo"


def test_the_file_has_one_line_a_source_and_runs_nothing(logged):
    found = list(made(logged).values())
    found[0] = replace(found[0], card=replace(found[0].card, title="=1+1"))
    text = source_state_file.as_csv(found, DAY, lambda one: True).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert len(rows) == len(found)
    assert rows[0]["Donnée"] == "'=1+1"
    held = {f"{row['Identifiant']}.{row['Connecteur']}": row for row in rows}
    failed, offline = held["catnat_orders.gaspar"], held["admin_boundaries.geo"]
    assert (failed["État"], failed["Dernier succès"]) == ("En échec", "2026-11-12")
    assert (failed["En échec depuis"], failed["Lignes"]) == ("2026-11-19", "300")
    assert (offline["Lignes"], offline["Dernier succès"]) == ("", ""), "sans copie, jamais 0"


# --- the screen ----------------------------------------------------------------------------------


def labels(test):
    return [made.label for made in test.button]


def test_the_screen_counts_groups_and_says_what_to_do(screen, filled, team):
    test = screen("sources", filled, territoire="46042")
    said = html.unescape(words(test))
    assert not test.exception
    assert "1\u00a0en échec, 1\u00a0dont la nouvelle version est refusée" in said
    order = [said.index(f"{STATES[code].word}</span> (") for code in ("failed", "refused", "fresh")]
    assert order == sorted(order)
    assert "le service est momentanément indisponible (files.georisques.fr)." in said
    assert "Non vérifié en ligne" in said
    assert "Hors couverture\u00a0: demander au producteur" in said
    assert not test.expander, "l'écran reste léger"
    assert len(test.get("html")) < 40


def test_one_source_is_tried_again_for_the_chosen_town(screen, filled, team, monkeypatch):
    asked = []
    monkeypatch.setattr(refresh, "start", lambda *given, **more: asked.append((given[1:], more)))
    test = screen("sources", filled, territoire="46042")
    next(b for b in test.button if b.key == "essai-liste-catnat_orders.gaspar").click().run()
    next(b for b in test.button if b.key == "accepter-liste-risk_records.gaspar").click().run()
    assert asked == [
        ((["46042"], ["catnat_orders"]), {}),
        ((["46042"], ["risk_records"]), {"accept_fall": True}),
    ]
    assert "accepter-liste-catnat_orders.gaspar" not in [b.key for b in test.button]


def test_who_only_reads_sees_the_states_and_no_button_nor_machine_detail(screen, filled):
    test = screen("sources", filled, territoire="46042")
    assert labels(test) == ["Cahors\u00a0– changer"]
    said = words(test)
    assert "En échec" in said
    assert "x.zip" not in said


def test_the_detail_of_a_failure_is_one_touch_away_for_the_team(screen, filled, team):
    said = html.unescape(words(screen("sources", filled, territoire="46042")))
    assert "<details" in said
    assert DOWN in said.replace("\u00a0", " ")


def test_one_state_alone_is_shown_by_its_address(screen, filled, team):
    test = screen("sources", filled, territoire="46042", etat="failed")
    said = html.unescape(words(test))
    assert "En échec</span> (1)" in said
    assert "Récupérée</span> (" not in said


def test_a_source_has_its_sheet(screen, filled, team):
    test = screen("sources", filled, territoire="46042", source="catnat_orders.gaspar")
    said = html.unescape(words(test))
    for name in ("Producteur", "Couverture", "Dernier succès", "Dernier échec", "Essais", "Taille"):
        assert f"<strong>{name}</strong>" in said
    assert "Réessayer pour Cahors" in labels(test)
    test = screen("sources", filled, territoire="46042", source="<script>x")
    assert "n'est pas connue ici" in words(test)
    assert not test.exception


def test_changes_bear_both_dates_and_are_shown_as_text(screen, filled):
    said = words(screen("sources", filled, territoire="46042"))
    assert "Jeu de données disparu\u00a0: Arbres &lt;b&gt;de Cahors&lt;/b&gt;" in said
    assert "21\u00a0novembre\u00a02026, comparé au 9\u00a0novembre\u00a02026" in said
    assert "France entière" in said
    other = words(screen("sources", filled, territoire="84007"))
    assert "Arbres &lt;b&gt;" not in other


@pytest.mark.parametrize("place", ["", "00001", "dep:46", "200023737"])
def test_the_screen_holds_for_any_territory_and_none(screen, filled, team, place):
    test = screen("sources", filled, **({"territoire": place} if place else {}))
    assert not test.exception
    assert "État des sources" in [made.value[:16] for made in test.header]


def test_a_source_of_the_whole_programme_is_not_said_twice_for_a_town(logged):
    """A town has its own way to the same data: the file for the programme is not waited for."""
    seen = source_list._once(made(logged).values())
    shown = [one for one in seen if one.state == "programme"]
    others = {one.card.id for one in made(logged).values() if one.state == "never"}
    assert not {one.card.id for one in shown} & others


def test_a_source_that_waits_for_a_key_says_so(empty_store):
    card = catalog().datasets["aids"]
    told = replace(
        line("aids", card.sources[0].connector, "not_covered", 0),
        detail="Clé absente : source facultative, lue avec la clé donnée par ACV_AIDES_KEY.",
    )
    one = standings([card], [told], [], CAHORS)[0]
    assert source_state_words.step(one, DAY, True) == "Clé à fournir par qui installe l'outil."

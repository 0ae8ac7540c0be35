"""A fetch that runs in the background: followed, left, found again, and its failures told."""

import html
from dataclasses import replace

from connectors import refresh
from connectors.jobs import Job
from data.records import today_utc
from data.store import Fetch
from tests.ui.conftest import words

LINE = Fetch(
    "catnat_orders",
    "46042",
    "commune",
    "failed",
    0,
    1.0,
    4,
    "http://127.0.0.1/gaspar",
    None,
    today_utc(),
    "http://127.0.0.1/gaspar : 503",
    "gaspar",
    "GASPAR",
    "Licence Ouverte",
)


def test_a_running_fetch_is_seen_from_every_screen(screen, embedded_store, monkeypatch):
    job = Job("1", ("46042",), total=5, done=2, current="Arrêtés de catastrophe naturelle")
    monkeypatch.setattr(refresh, "running", lambda code: job if code == "46042" else None)
    monkeypatch.setattr(refresh, "job", lambda identifier: job)
    for page in ("accueil", "tableau_de_bord", "disponibilite", "donnees_manquantes", "sources"):
        test = screen(page, embedded_store, territoire="46042")
        bars = [made.proto for made in test.get("progress")]
        assert [bar.value for bar in bars] == [40], page
        assert "2 sur 5" in bars[0].text
        assert "catastrophe" in bars[0].text
    assert not screen("accueil", embedded_store, territoire="84007").get("progress")


def test_what_failed_is_told_source_by_source(screen, embedded_store, monkeypatch):
    lines = [LINE, replace(LINE, dataset="admin_boundaries", status="ok", detail=None)]
    job = Job("2", ("46042",), total=2, done=2, finished=True, fetches=lines)
    monkeypatch.setattr(refresh, "running", lambda code: job)
    assert "Récupération terminée" not in words(
        screen("sources", embedded_store, territoire="46042")
    )
    test = screen("sources", embedded_store, followed="2", territoire="46042")
    said = words(test)
    assert "Récupération terminée" in said
    assert "1\u00a0source récupérée sur 2" in said
    assert "Arrêtés de catastrophe naturelle\u00a0: source en panne" in said
    assert "503" in said
    next(made for made in test.button if made.label == "Fermer").click().run()
    assert "Récupération terminée" not in words(test)


def test_a_fetch_that_stopped_says_so(screen, embedded_store, monkeypatch):
    job = Job("3", ("46042",), finished=True, error="La récupération s'est arrêtée (OSError).")
    monkeypatch.setattr(refresh, "running", lambda code: job)
    said = words(screen("accueil", embedded_store, followed="3", territoire="46042"))
    assert html.escape(job.error) in said


def test_the_button_is_offered_only_where_a_source_can_answer(screen, embedded_store):
    real = screen("tableau_de_bord", embedded_store, territoire="46042")
    assert [made.label for made in real.button if made.label.startswith("Récupérer")]
    fictional = screen("tableau_de_bord", embedded_store, territoire="00001")
    assert not [made.label for made in fictional.button if made.label.startswith("Récupérer")]


def test_the_button_starts_what_it_says(screen, embedded_store, monkeypatch):
    asked = []
    monkeypatch.setattr(refresh, "start", lambda *given: asked.append(given) or "4")
    test = screen("donnee", embedded_store, territoire="46042", jeu="catnat_orders")
    next(made for made in test.button if made.label.startswith("Récupérer")).click().run()
    assert [(codes, datasets) for _, codes, datasets in asked] == [(["46042"], ["catnat_orders"])]


def test_a_forbidden_network_is_said_once_for_all_sources(screen, embedded_store, monkeypatch):
    lines = [
        replace(LINE, status="offline"),
        replace(LINE, dataset="tree_inventory", status="offline"),
    ]
    job = Job("5", ("46042",), total=2, done=2, finished=True, fetches=lines)
    monkeypatch.setattr(refresh, "running", lambda code: job)
    said = words(screen("sources", embedded_store, followed="5", territoire="46042"))
    assert said.count("Réseau interdit (ACV_OFFLINE=1)") == 1
    assert "Arrêtés de catastrophe naturelle et Inventaire des arbres" in said

"""A fetch that runs in the background: followed, left, found again, and its failures told."""

import html
from dataclasses import replace

import pytest

from connectors import refresh
from connectors.runs.jobs import Job
from data.records import EDITOR, Person, today_utc
from data.store import Fetch
from tests.ui.conftest import words
from ui import fetching, who

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
    "http://127.0.0.1/gaspar : réponse 503 (service indisponible) après 4 essais",
    "gaspar",
    "GASPAR",
    "Licence Ouverte",
)


@pytest.fixture
def team(monkeypatch):
    """An editor at the keyboard."""
    monkeypatch.setattr(who, "person", lambda: Person(EDITOR))


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
    assert "le service est momentanément indisponible" in said
    assert "http://" not in said.split("État des sources")[0]
    next(made for made in test.button if made.label == "Fermer").click().run()
    assert "Récupération terminée" not in words(test)


def test_a_fetch_that_stopped_says_so(screen, embedded_store, monkeypatch):
    job = Job("3", ("46042",), finished=True, error="La récupération s'est arrêtée (OSError).")
    monkeypatch.setattr(refresh, "running", lambda code: job)
    said = words(screen("accueil", embedded_store, followed="3", territoire="46042"))
    assert html.escape(job.error) in said


def test_the_button_is_offered_only_where_a_source_can_answer(screen, embedded_store, team):
    real = screen("tableau_de_bord", embedded_store, territoire="46042")
    assert [made.label for made in real.button if made.label.startswith("Récupérer")]
    fictional = screen("tableau_de_bord", embedded_store, territoire="00001")
    assert not [made.label for made in fictional.button if made.label.startswith("Récupérer")]


def test_the_button_starts_what_it_says(screen, embedded_store, monkeypatch, team):
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


def labels(test):
    return [made.label for made in test.button]


def test_who_only_reads_is_offered_no_fetch_anywhere(screen, embedded_store, monkeypatch):
    monkeypatch.setattr(who, "person", lambda: Person())
    for page in ("tableau_de_bord", "donnee", "sources"):
        test = screen(page, embedded_store, territoire="46042", jeu="catnat_orders")
        asking = ("Récupérer", "Réessayer", "Rafraîchir", "Tout récupérer", "Accepter", "Arrêter")
        assert not [label for label in labels(test) if label.startswith(asking)], page
    assert "Lecture seule" in words(screen("sources", embedded_store, territoire="46042"))


def test_a_fetch_is_stopped_from_the_screen(screen, embedded_store, monkeypatch, team):
    job = Job("6", ("46042",), total=5, done=2, current="Arrêtés", began=today_utc())
    asked = []
    monkeypatch.setattr(refresh, "running", lambda code: job)
    monkeypatch.setattr(refresh, "job", lambda identifier: job)
    monkeypatch.setattr(refresh, "stop", asked.append)
    test = screen("accueil", embedded_store, territoire="46042")
    next(made for made in test.button if made.label == "Arrêter").click().run()
    assert asked == ["6"]
    job.stopping = True
    test = screen("accueil", embedded_store, territoire="46042")
    assert "Arrêt demandé" in test.get("progress")[0].proto.text
    assert "Arrêter" not in labels(test)
    job.finished, job.fetches = True, [replace(LINE, status="ok", detail=None)] * 2
    said = words(screen("accueil", embedded_store, followed="6", territoire="46042"))
    assert "Récupération arrêtée" in said
    assert "2\u00a0sources récupérées sur 5" in said


def test_a_job_that_waits_for_its_turn_says_so():
    assert fetching._said(Job("7", ("46042",))) == "Récupération en attente de son tour"
    begun = Job("8", ("46042",), began=today_utc())
    assert "préparation" in fetching._said(begun)

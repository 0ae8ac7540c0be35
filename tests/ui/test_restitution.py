"""Restitution: five sections, what a visitor may do, and what the team types kept as it should."""

from __future__ import annotations

import io
from datetime import date

import pytest
from PIL import Image

from data import entries
from data.entries import DECISION, Draft, Interview, Profile, Remark
from data.records import Person
from data.territories import territory
from restitution import offers, outline, pictures, report
from restitution.account import Account
from restitution.drafts import draft_of, edited
from tests.ui.conftest import words
from ui import restitution_draft, restitution_volets, who

PAGE = "restitution"
DAY = date(2026, 11, 21)
TOWN = territory("46042")
EDITOR = Person("editor", "Essai")
HOSTILE = "<img src=x onerror=alert(1)> **gras** [l](javascript:1) #set page()"
VOLETS = list(restitution_volets.VOLETS)
WRITING = ("preparer", "seance", "entretiens")


@pytest.fixture
def editor(monkeypatch):
    monkeypatch.setattr(who, "person", lambda: EDITOR)


@pytest.fixture
def views(monkeypatch):
    """Four views and a report in place of the real ones: what one types is the same."""
    pieces = tuple(
        outline.Piece(f"v{rank}", f"Vue {rank}", "", ((f"v{rank}/sentence", f"Phrase {rank}."),))
        for rank in range(4)
    )

    def choices():
        yield outline.Choice("deck", "elus", "Vues\u00a0: élus", lambda _: pieces)
        yield outline.Choice("deck", "habitants", "Vues\u00a0: habitants", lambda _: pieces)

    monkeypatch.setattr(outline, "choices", choices)


@pytest.fixture
def visitor(monkeypatch):
    monkeypatch.setattr(who, "person", Person)


def opened(screen, store, volet, **address):
    """The page alone: no other screen is computed before it."""
    return screen(PAGE, store, **{"territoire": "46042", "volet": volet, **address})


def at(test, volet):
    """The same page under another address."""
    test.query_params["volet"] = volet
    return test.run()


def pick(made, label):
    return next(one for one in made if one.label.startswith(label))


def press(test, label):
    pick(test.button, label).click()
    test.run()
    assert not test.exception
    return test


def labels(test, kind):
    return [made.proto.label for made in test.get(kind)]


def kept(store, kind=Draft):
    return [line.entry for line in entries.history(store, kind, "46042")]


# --- sections and roles --------------------------------------------------------------------------


def test_an_address_reopens_the_same_section(screen, embedded_store, editor, views):
    test = opened(screen, embedded_store, "presenter")
    for volet in VOLETS:
        at(test, volet)
        assert not test.exception and not test.error
        assert test.segmented_control[0].value == volet
    test.segmented_control[0].set_value("seance").run()
    assert test.query_params["volet"] in ("seance", ["seance"])
    assert pick(test.text_input, "Ce qui est dit")


def test_an_unknown_section_is_the_first(screen, embedded_store, editor):
    test = opened(screen, embedded_store, "'; drop", public="<b>", version="tout")
    assert test.segmented_control[0].value == "presenter"
    assert not test.toggle[0].value


def test_presenting_is_one_touch_for_the_audience_of_the_address(screen, embedded_store, editor):
    test = opened(screen, embedded_store, "presenter", public="services")
    found = {made.proto.label: made.proto.url for made in test.get("link_button")}
    assert found["Présenter"] == "/projection?territoire=46042&public=services"
    assert found["Notes de l'orateur"] == "/notes_orateur?territoire=46042&public=services"


def test_a_visitor_takes_documents_and_writes_nothing(screen, store, visitor):
    entries.keep(store, EDITOR, "46042", Remark(DECISION, "Chose décidée", DAY, "Jeanne", True))
    test = opened(screen, store, "presenter", version="interne")
    for volet in VOLETS:
        at(test, volet)
        assert not test.exception
        assert not test.toggle and not test.get("file_uploader")
        assert not test.text_area and not test.text_input
        assert "Jeanne" not in words(test) and "Chose décidée" not in words(test)
        assert any("Lecture seule" in made.value for made in test.info) == (volet in WRITING)
        names = [made.proto.id for made in test.get("download_button")]
        assert bool(names) == (volet not in WRITING)
        assert not any("INTERNE" in name for name in names)


def test_who_comes_through_a_relay_is_a_visitor(screen, embedded_store):
    test = opened(screen, embedded_store, "documents", version="interne")
    assert not test.toggle  # the test has no connection of its own: the most closed role


def test_the_internal_version_is_asked_for_and_said(screen, embedded_store, editor):
    test = opened(screen, embedded_store, "documents")
    assert "ne pas diffuser." not in words(test).replace("à ne pas", "")
    test.toggle[0].set_value(True).run()
    assert "Document interne, ne pas diffuser." in words(test)
    assert "Dossier interne" in words(test) and "Dossier à diffuser" not in words(test)
    assert any("INTERNE" in made.proto.id for made in test.get("download_button"))


def test_every_document_is_one_touch_in_each_format(screen, embedded_store, editor):
    test = opened(screen, embedded_store, "documents")
    offered = offers.documents(Account(embedded_store, TOWN, DAY), "elus", drafted=True)
    found = labels(test, "download_button")
    assert {one.id for one in offered} >= {"report", "slides", "workbook", "page", "onepage"}
    for one in offered:
        assert one.words and f"<strong>{one.title}" in words(test).replace("&#x27;", "'")
        assert sum(f"**{one.title},**" in name for name in found) == len(one.downloads)
    assert "L.\u00a052-1" in words(test)


def test_nothing_is_made_before_the_touch(screen, embedded_store, editor, views, monkeypatch):
    def never(*_):
        raise AssertionError("un document est fait avant qu'on le demande")

    monkeypatch.setattr(offers, "_content", never)
    test = opened(screen, embedded_store, "presenter")
    for volet in VOLETS:
        assert not at(test, volet).exception


# --- preparing -----------------------------------------------------------------------------------


def test_a_draft_is_kept_then_its_versions_are_listed_and_taken_back(screen, store, editor, views):
    test = opened(screen, store, "preparer")
    area = pick(test.text_area, "Texte du document")
    original = area.value
    area.set_value("Une phrase à moi, 777 arbres.").run()
    assert any("777" in made.proto.body and "Vérifiez" in made.proto.body
               for made in test.get("html"))  # fmt: skip
    press(test, "Enregistrer le brouillon")
    assert [list(made.texts.values()) for made in kept(store)] == [
        ["Une phrase à moi, 777 arbres."]
    ]
    press(test, "Remettre le texte d'origine")
    assert pick(test.text_area, "Texte du document").value == original
    press(test, "Enregistrer le brouillon")
    assert "Version 2" in words(test) and "Version 1" in words(test)
    press(test, "Revenir à la version 1")
    lines = kept(store)
    assert len(lines) == 3 and lines[2] == lines[0] and lines[1].texts == {}
    assert pick(test.text_area, "Texte réécrit").value.startswith("Une phrase à moi")


def test_what_is_kept_is_what_the_documents_say(screen, store, editor):
    test = opened(screen, store, "preparer", document="report")
    pick(test.text_area, "Texte du document").set_value(HOSTILE).run()
    pick(test.text_area, "Commentaire").set_value(HOSTILE).run()
    press(test, "Enregistrer le brouillon")
    account = Account(store, TOWN, DAY)
    draft = draft_of(account, "report")
    made = edited(report.document(account), draft, pictures.reader(store))
    found = [block for part in made.parts for block in part.blocks if HOSTILE in str(block)]
    assert [block.edited for block in found] == [True, False]
    offered = {one.id: one for one in offers.documents(account, "elus", drafted=True)}
    assert offered["report"].edited and not offered["page"].edited
    assert not any(one.edited for one in offers.documents(account, "elus", drafted=False))
    assert "<img" not in words(test).replace("&lt;img", "")


def test_views_are_ordered_by_keyboard_and_left_out_by_a_box(screen, store, editor, views):
    test = opened(screen, store, "preparer", public="habitants")
    press(test, "Descendre «\u00a0Vue 0")
    pick(test.checkbox, "Vue 2").set_value(False).run()
    press(test, "Enregistrer le brouillon")
    made = kept(store)[-1]
    assert (made.audience, made.parts) == ("habitants", ["v1", "v0", "v3"])
    press(test, "Monter «\u00a0Vue 0")
    pick(test.checkbox, "Vue 2").set_value(True).run()
    press(test, "Descendre «\u00a0Vue 3")
    press(test, "Enregistrer le brouillon")
    assert kept(store)[-1].parts is None  # everything as usual: nothing to say


def test_nothing_left_is_refused_in_a_sentence(screen, store, editor, views):
    test = opened(screen, store, "preparer")
    while any(made.value for made in test.checkbox):
        next(made for made in test.checkbox if made.value).set_value(False).run()
    press(test, "Enregistrer le brouillon")
    assert "gardez au moins une partie" in test.error[0].value
    assert kept(store) == []


def test_a_picture_is_kept_without_its_secrets_and_asks_to_be_described(
    screen, store, editor, views
):
    made = io.BytesIO()
    exif = Image.Exif()
    exif[0x013B] = "Jeanne Secrete"
    Image.new("RGB", (30, 20)).save(made, "JPEG", exif=exif)
    test = opened(screen, store, "preparer")
    test.get("file_uploader")[0].upload("photo.jpg", made.getvalue(), "image/jpeg").run()
    press(test, "Enregistrer le brouillon")
    assert "décrivez chaque image" in test.error[0].value
    pick(test.text_input, "Description de l'image").set_value("La place du marché").run()
    press(test, "Enregistrer le brouillon")
    name = next(iter(kept(store)[-1].pictures.values()))
    found = pictures.reader(store)(name)
    assert found and b"Jeanne" not in found.content
    press(test, "Retirer l'image")
    press(test, "Enregistrer le brouillon")
    assert kept(store)[-1].pictures == {} and kept(store)[-1].captions == {}


def test_a_file_that_is_no_picture_is_refused(screen, store, editor, views):
    test = opened(screen, store, "preparer")
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
    test.get("file_uploader")[0].upload("dessin.svg", svg, "image/svg+xml").run()
    assert "Image illisible" in test.error[0].value and not test.exception


@pytest.mark.parametrize(
    ("typed", "original", "expected"),
    [
        ("12 jours", "entre 7 et 12 jours", []),
        ("20050 habitants", "20\u202f050 habitants", []),
        ("12.5 %", "12,5\u00a0%", []),
        ("13 jours et 4 nuits", "12 jours", ["13", "4"]),
        ("", "12", []),
    ],
)
def test_a_figure_that_the_document_does_not_hold_is_told(typed, original, expected):
    assert restitution_draft.strange(typed, original) == expected


def test_a_name_that_the_team_noted_is_told_before_anything_leaves(screen, store, editor, views):
    entries.keep(store, EDITOR, "46042", Remark(DECISION, "Écrire", DAY, "Jeanne Nommée", True))
    test = opened(screen, store, "preparer")
    pick(test.text_area, "Texte du document").set_value("Merci à Jeanne Nommée.").run()
    assert "Jeanne Nommée" in test.warning[0].value
    press(test, "Enregistrer le brouillon")
    assert "Dossier à diffuser refusé" in at(test, "documents").warning[0].value
    test.toggle[0].set_value(True).run()
    assert not test.warning  # the folder of the team holds names


def test_a_newer_version_is_never_lost(screen, store, editor, views):
    test = opened(screen, store, "preparer")
    pick(test.text_area, "Note pour l'orateur").set_value("Ma note").run()
    entries.keep(store, EDITOR, "46042", Draft("deck", "elus", comments={"v1": "Autre"}))
    test.run()
    assert "Une autre version a été enregistrée" in words(test)
    press(test, "Enregistrer le brouillon")
    assert [list(made.comments.values()) for made in kept(store)] == [["Autre"], ["Ma note"]]


# --- session -------------------------------------------------------------------------------------


def test_a_line_and_enter_are_enough(screen, store, editor):
    test = opened(screen, store, "seance")
    pick(test.text_input, "Ce qui est dit").set_value(HOSTILE)
    press(test, "Enregistrer")
    assert [made.text for made in kept(store, Remark)] == [HOSTILE]
    assert "&lt;img" in words(test) and "<img" not in words(test)
    press(test, "Retirer")
    assert "Rien n'est encore noté" in words(test)
    assert [made.withdrawn for made in kept(store, Remark)] == [False, True]


def test_a_name_without_agreement_is_refused_and_not_kept(screen, store, editor):
    test = opened(screen, store, "seance")
    pick(test.text_input, "Ce qui est dit").set_value("Une question")
    pick(test.text_input, "Nom").set_value("Jean Caché")
    press(test, "Enregistrer")
    assert "seulement si la personne est d'accord" in test.error[0].value
    assert kept(store, Remark) == []
    pick(test.text_input, "Ce qui est dit").set_value("Une question")
    pick(test.text_input, "Nom").set_value("Jeanne")
    pick(test.checkbox, "La personne est d'accord").set_value(True)
    press(test, "Enregistrer")
    assert kept(store, Remark)[0].who == "Jeanne"


def test_the_minutes_are_offered_without_names_first(screen, store, editor):
    entries.keep(store, EDITOR, "46042", Remark(DECISION, "Écrire", DAY, "Jeanne", True))
    test = opened(screen, store, "seance")
    assert len(labels(test, "download_button")) == 2
    assert not any("INTERNE" in made.proto.id for made in test.get("download_button"))
    test.toggle[0].set_value(True).run()
    assert all("INTERNE" in made.proto.id for made in test.get("download_button"))


# --- interviews and the address of the authority -------------------------------------------------


def test_an_interview_is_noted_agreed_to_and_withdrawn(screen, store, editor):
    test = opened(screen, store, "entretiens", experience="heat_islands")
    test.text_area[0].set_value(HOSTILE)
    pick(test.text_input, "Nom").set_value("Jean Entendu")
    press(test, "Enregistrer l'entretien")
    made = kept(store, Interview)[-1]
    assert made.subject == "heat_islands" and not made.agreed and made.who == "Jean Entendu"
    assert "<img" not in words(test)
    public = [
        made.proto.id for made in test.get("download_button") if "entretien_note" in made.proto.id
    ]  # noqa: E501
    assert public and all("INTERNE" in name for name in public)
    press(test, "Noter l'accord")
    assert kept(store, Interview)[-1].agreed
    press(test, "Retirer")
    assert "Aucun entretien n'est encore noté" in words(test)


def test_an_empty_interview_is_refused(screen, store, editor):
    test = press(opened(screen, store, "entretiens"), "Enregistrer l'entretien")
    assert "notez au moins une réponse" in test.error[0].value and not kept(store, Interview)


def test_the_address_of_the_authority_keeps_what_else_it_said(screen, store, editor):
    entries.keep(store, EDITOR, "46042", Profile(agents=250))
    test = opened(screen, store, "documents")
    pick(test.text_input, "Adresse électronique").set_value("javascript:alert(1)")
    press(test, "Enregistrer l'adresse")
    assert "une adresse électronique de service" in test.error[0].value
    pick(test.text_input, "Adresse électronique").set_value("donnees@cahors.example")
    press(test, "Enregistrer l'adresse")
    assert kept(store, Profile)[-1] == Profile(250, "donnees@cahors.example")

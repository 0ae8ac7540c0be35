"""Instructing a need: the fields of each status, what is kept, what it changes, who may not."""

from functools import partial

import pytest
from streamlit.testing.v1 import AppTest

from data import attachments, entries, records
from data.records import Declaration, Person
from diagnostics.availability import assess
from diagnostics.effects import around, changes
from tests.ui.conftest import words
from ui import changed, frame, who

pytestmark = pytest.mark.screens  # forty screens: left to `make test`

EDITOR = Person("editor", "Essai")
NEED = "tree_inventory"


@pytest.fixture
def team(monkeypatch):
    """An editor at the keyboard."""
    monkeypatch.setattr(who, "person", lambda: EDITOR)


@pytest.fixture
def page(screen, store, team):
    """The page of a need in Cahors, for an editor."""

    def opened(code: str = "46042", dataset: str = NEED):
        return screen("donnee", store, territoire=code, jeu=dataset)

    return opened


def widget(test, kind: str, ending: str):
    """The widget of a kind whose key ends so."""
    return next(made for made in getattr(test, kind) if made.key and made.key.endswith(ending))


def labels(test) -> set[str]:
    kinds = ("text_input", "text_area", "selectbox", "radio", "date_input")
    return {made.label for kind in kinds for made in getattr(test, kind)}


def choose(test, status: str):
    return widget(test, "radio", "-statut").set_value(status).run()


def save(test):
    return widget(test, "button", "-enregistrer").click().run()


def test_no_field_is_shown_before_a_status_is_chosen(page):
    test = page()
    assert not test.exception
    assert widget(test, "radio", "-statut").value is None
    assert not [made for made in test.button if (made.key or "").endswith("-enregistrer")]


@pytest.mark.parametrize(
    ("status", "there", "absent"),
    [
        ("open", {"Existence", "Adresse de la donnée (facultatif)"}, {"Raison", "Trace"}),
        ("candidate", {"Existence"}, {"Raison", "Trace", "Lien de la donnée"}),
        ("closed_unjustified", {"Trace"}, {"Raison"}),
        ("closed_justified", {"Raison", "Pourquoi elle est protégée (facultatif)"}, {"Trace"}),
        ("other", {"Raison", "Conditions ou prix"}, {"Trace"}),
        ("not_produced", {"Service ou organisme qui pourrait la produire"}, {"Existence"}),
        ("not_evaluated", {"Service ou organisme à interroger"}, {"Raison", "Trace"}),
        ("not_concerned", {"Pourquoi elle ne concerne pas ce territoire"}, {"Existence"}),
    ],
)
def test_only_the_fields_of_the_status_are_shown(page, status, there, absent):
    test = choose(page(), status)
    assert not test.exception
    shown = labels(test)
    assert there <= shown
    assert not absent & shown


def test_what_is_declared_is_kept_signed_and_changes_the_verdict(page, store, today):
    before = assess(store, _place(), today)
    test = choose(page(), "open")
    widget(test, "text_input", "-url").set_value("https://exemple.fr/arbres")
    widget(test, "text_input", "-holder").set_value("Service espaces verts")
    widget(test, "text_area", "-note").set_value("vu avec le service")
    test = save(test)
    assert not test.exception
    assert not test.error
    kept = store.declarations("46042")[NEED]
    assert (kept.status, kept.existence, kept.author) == ("open", "exists", "Essai")
    assert (kept.url, kept.holder) == ("https://exemple.fr/arbres", "Service espaces verts")
    assert kept.note == "vu avec le service"
    assert [made.value for made in test.success] == ["Déclaration enregistrée pour 1\u00a0donnée."]
    said = words(test)
    found = [one for one in changes(before, assess(store, _place(), today), [NEED]) if one.moved]
    assert found
    for change in found:
        assert changed.points(change.usable_before, change.usable) in said
    assert "au plus bas" in said
    assert "Déclaré à Cahors" in said
    # Said once: the next run of the screen does not repeat it.
    assert not test.run().success


def _place():
    from data.territories import territory

    return territory("46042")


def test_a_refusal_is_shown_and_nothing_is_kept(page, store):
    test = choose(page(), "closed_unjustified")
    test = save(test)
    assert "demande une trace" in test.error[0].value
    assert not store.declarations("46042")
    assert not test.success


def test_a_written_request_left_a_month_is_a_trace(page, store, today):
    test = choose(page(), "closed_unjustified")
    test = widget(test, "selectbox", "-trace").set_value("unanswered_request").run()
    widget(test, "text_input", "-evidence").set_value("Courriel du 3 octobre")
    widget(test, "date_input", "-asked_on").set_value(today.replace(day=1))
    assert "demande une trace" in save(test).error[0].value
    widget(test, "date_input", "-asked_on").set_value(today.replace(month=10, day=3))
    test = save(test)
    assert not test.error
    kept = store.declarations("46042")[NEED]
    assert kept.traced
    assert kept.asked_on == today.replace(month=10, day=3)
    assert "demande du 3\u00a0octobre\u00a02026" in words(test)


def test_a_protection_keeps_its_reason_its_text_and_what_stands_for_it(page, store):
    from data.catalog import catalog

    grounds = {row["code"]: row["text"] for row in catalog().statuses["legal_grounds"]}
    test = choose(page(), "closed_justified")
    widget(test, "selectbox", "-reason_code").set_value("security")
    widget(test, "selectbox", "-ground").set_value("crpa_311_5")
    widget(test, "selectbox", "-substitute").set_value("aggregate")
    widget(test, "text_input", "-evidence").set_value("Avis du service")
    test = save(test)
    kept = store.declarations("46042")[NEED]
    assert (kept.reason_code, kept.substitute) == ("security", "aggregate")
    assert kept.legal_ground == grounds["crpa_311_5"]
    said = words(test)
    assert "À la place\u00a0: Version agrégée." in said
    assert "Sécurité (des biens, des personnes, des réseaux)" in said


def test_a_text_of_law_out_of_the_list_is_typed(page, store):
    test = choose(page(), "closed_justified")
    test = widget(test, "selectbox", "-ground").set_value("autre").run()
    widget(test, "text_input", "-legal_ground").set_value("Code de la défense, R. 1332")
    save(test)
    assert store.declarations("46042")[NEED].legal_ground == "Code de la défense, R. 1332"


def test_what_nobody_produces_is_an_existence_not_a_status(page, store):
    save(choose(page(), "not_produced"))
    kept = store.declarations("46042")[NEED]
    assert (kept.status, kept.existence) == ("not_evaluated", "not_produced")


def test_the_form_starts_from_what_is_in_force(page, store):
    records.declare(store, EDITOR, Declaration("46042", NEED, "candidate", "partial", holder="DSI"))
    test = page()
    assert widget(test, "radio", "-statut").value == "candidate"
    assert widget(test, "radio", "-existence").value == "partial"
    assert widget(test, "text_input", "-holder").value == "DSI"


def test_nothing_written_meanwhile_is_overwritten_in_silence(page, store):
    test = choose(page(), "open")
    records.declare(store, EDITOR, Declaration("46042", NEED, "other", "exists", reason="payant"))
    test = save(test)
    assert "entre-temps" in test.warning[0].value
    assert store.declarations("46042")[NEED].status == "other"


def test_a_paper_is_kept_beside_the_store_and_comes_back(page, store):
    test = choose(page(), "candidate")
    test.file_uploader[0].upload("../refus <b>.pdf", b"%PDF piece", "application/pdf")
    test = save(test.run())
    kept = store.declarations("46042")[NEED]
    assert attachments.read(store, kept.file) == b"%PDF piece"
    assert attachments.shown_name(kept.file) == "refus b .pdf"
    assert "Pièce\u00a0: refus b .pdf." in words(test)
    assert [made.proto.label for made in test.get("download_button")] == [
        "Télécharger la pièce\u00a0: refus b .pdf"
    ]


def test_a_refused_declaration_leaves_no_paper_behind(page, store):
    test = choose(page(), "not_concerned")
    test.file_uploader[0].upload("a.pdf", b"%PDF", "application/pdf")
    test = save(test.run())
    assert "demande une raison" in test.error[0].value
    assert not attachments.folder(store).exists()


def test_a_store_in_memory_says_that_it_keeps_no_paper(screen, empty_store, team):
    test = choose(screen("donnee", empty_store, territoire="46042", jeu=NEED), "candidate")
    test.file_uploader[0].upload("a.pdf", b"%PDF", "application/pdf")
    test = save(test.run())
    assert "Pièce non gardée" in test.error[0].value
    assert not empty_store.declarations("46042")


def test_undo_says_again_what_held_before_and_erases_nothing(page, store):
    for status in ("candidate", "open"):
        records.declare(store, EDITOR, Declaration("46042", NEED, status, "exists"))
    test = widget(page(), "button", "-annuler").click().run()
    assert not test.exception
    assert store.declarations("46042")[NEED].status == "candidate"
    assert len(store.declaration_history("46042", NEED)) == 3
    assert "annulée" in test.success[0].value
    said = words(test)
    assert "annulée ensuite" in said
    assert "Annule la déclaration précédente" in said


def test_the_change_says_both_ends_of_an_interval():
    from diagnostics.scoring import Interval

    before, after = Interval(12.2, 60.4), Interval(22.4, 55.1)
    assert changed.points(before, after) == (
        "entre 12 et 60 avant, entre 22 et 55 maintenant (+10 au plus bas et −5 au plus haut)"
    )
    assert changed.points(None, Interval(5, 5)) == "sans objet avant, 5 maintenant"


def test_what_a_writing_raises_passes_through(store, today):
    def refused() -> None:
        raise records.Refused("non")

    with pytest.raises(records.Refused):
        around(partial(assess, store, _place(), today), [NEED], refused)


# --- several needs at once -----------------------------------------------------------------------


def _several() -> None:
    from data.catalog import catalog
    from data.territories import territory
    from ui import frame, instruct

    cards = [catalog().datasets[key] for key in ("tree_inventory", "tree_health")]
    instruct.form(cards, frame.HELD[-1], territory("46042"), "essai")


def _validation() -> None:
    from data.territories import territory
    from ui import frame, validation

    validation.form(frame.HELD[-1], territory("46042"))


def alone(function, store, monkeypatch):
    monkeypatch.setattr(frame, "HELD", [store])
    return AppTest.from_function(function, default_timeout=60).run()


def test_several_needs_are_declared_at_once(store, team, monkeypatch):
    test = choose(alone(_several, store, monkeypatch), "candidate")
    widget(test, "text_input", "-holder").set_value("Espaces verts")
    assert widget(test, "button", "-enregistrer").label == "Enregistrer pour les 2 données"
    test = save(test)
    assert not test.exception
    assert test.success[0].value == "Déclaration enregistrée pour 2\u00a0données."
    held = store.declarations("46042")
    assert {held[key].holder for key in (NEED, "tree_health")} == {"Espaces verts"}
    assert widget(test, "radio", "-statut").value is None  # ready for the next ones


BEFORE = {
    "holder": "DSI",
    "contact": "mairie@exemple.fr",
    "file": "abc/piece.pdf",
    "legal_ground": "Code de la défense",
    "evidence": "Avis",
    "note": "à relire",
}


def test_several_at_once_keep_what_is_left_blank_and_say_so(store, team, monkeypatch):
    made = Declaration(
        "46042", NEED, "closed_justified", "partial", reason_code="security", **BEFORE
    )
    records.declare(store, EDITOR, made)
    test = choose(alone(_several, store, monkeypatch), "closed_justified")
    assert "Une d&#x27;entre elles a déjà une déclaration" in words(test)
    assert "ne reste que" not in words(test)
    widget(test, "text_input", "-holder").set_value("Espaces verts")
    test = save(test)
    assert not test.exception
    kept = store.declarations("46042")
    for name, value in (BEFORE | {"holder": "Espaces verts"}).items():
        assert getattr(kept[NEED], name) == value
    assert (kept[NEED].existence, kept[NEED].reason_code) == ("partial", "security")
    assert kept[NEED].id != made.id
    assert (kept["tree_health"].existence, kept["tree_health"].legal_ground) == ("exists", None)


def test_several_at_once_say_what_goes_with_a_former_status(store, team, monkeypatch):
    made = Declaration("46042", NEED, "closed_justified", "partial", url="https://a.fr", **BEFORE)
    records.declare(store, EDITOR, made)
    test = choose(alone(_several, store, monkeypatch), "candidate")
    said = words(test).replace("&#x27;", "'")
    assert "ne reste que dans l'historique" in said
    for name in ("le texte cité", "la pièce en mots", "le lien", "le fichier joint"):
        assert name in said
    save(test)
    kept = store.declarations("46042")[NEED]
    assert (kept.status, kept.existence, kept.holder) == ("candidate", "partial", "DSI")
    assert (kept.contact, kept.note) == (BEFORE["contact"], BEFORE["note"])
    assert (kept.file, kept.url, kept.legal_ground) == (None, None, None)


def test_several_out_of_concern_keep_what_was_said_of_existence(store, team, monkeypatch):
    made = Declaration("46042", NEED, "not_concerned", "exists", reason="hors périmètre")
    records.declare(store, EDITOR, made)
    test = choose(alone(_several, store, monkeypatch), "not_concerned")
    widget(test, "text_area", "-reason").set_value("sans objet ici")
    save(test)
    kept = store.declarations("46042")
    assert (kept[NEED].existence, kept[NEED].reason) == ("exists", "sans objet ici")
    assert kept["tree_health"].existence == "unknown"


def test_several_never_declared_show_no_warning(store, team, monkeypatch):
    assert "déjà une déclaration" not in words(
        choose(alone(_several, store, monkeypatch), "candidate")
    )


def test_several_needs_are_all_refused_or_none(store, team, monkeypatch):
    test = save(choose(alone(_several, store, monkeypatch), "not_concerned"))
    assert "demande une raison" in test.error[0].value
    assert not store.declarations("46042")


def test_a_reader_has_no_form(store, monkeypatch):
    for function in (_several, _validation):
        test = alone(function, store, monkeypatch)
        assert "Lecture seule" in test.info[0].value
        assert not test.button
        assert not test.radio
        assert not test.text_input


# --- observations, validation --------------------------------------------------------------------


def test_a_holder_contests_and_is_answered(page, store):
    test = page()
    widget(test, "radio", "-genre").set_value(True)
    widget(test, "text_input", "-detenteur").set_value("DSI <b>")
    widget(test, "text_area", "-texte").set_value("Déjà publiée [ici](http://x)")
    test = widget(test, "button", "-observer").click().run()
    assert "Statut contesté par DSI &lt;b&gt; le 21\u00a0novembre\u00a02026" in words(test)
    kept = entries.of(store, entries.Observation, "46042")[0]
    assert (kept.entry.contests, kept.entry.settled, kept.author) == (True, False, "Essai")
    widget(test, "text_input", f"-reponse-{kept.entry.key}").set_value("Adresse vérifiée")
    test = widget(test, "button", f"-clore-{kept.entry.key}").click().run()
    settled = entries.of(store, entries.Observation, "46042")[0].entry
    assert (settled.settled, settled.answer) == (True, "Adresse vérifiée")
    assert "1\u00a0observation close" in words(test)


def test_an_empty_observation_is_refused(page, store):
    test = widget(page(), "button", "-observer").click().run()
    assert "écrivez ce que vous complétez" in test.error[0].value
    assert not entries.of(store, entries.Observation, "46042")


def test_a_diagnosis_is_validated_with_name_and_day_then_taken_back(
    store, team, monkeypatch, today
):
    test = alone(_validation, store, monkeypatch)
    assert "Document de travail." in words(test)
    refused = test.button[0].click().run()
    assert "nom du référent" in refused.error[0].value
    refused.text_input[0].set_value("Paul")
    test = refused.button[0].click().run()
    assert "Validé le 21\u00a0novembre\u00a02026 par Paul." in words(test)
    made = entries.only(store, entries.Validation, "46042")
    assert (made.referent, made.valid, made.day) == ("Paul", True, today)
    assert made.reference_version
    test = test.button[0].click().run()
    assert "Document de travail." in words(test)
    assert not entries.only(store, entries.Validation, "46042").valid

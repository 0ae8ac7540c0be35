"""The message to a holder: complete in every tone, courteous, and safe whatever was typed."""

import re
from dataclasses import replace
from datetime import date
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.catalog import catalog
from data.entries import TONES, Request
from data.territories import territory
from drawing import letters
from drawing.letters import Sender, clean, mailto, split, tidy
from restitution.request_letter import LEGAL_NOTE, file_name, letter, reminder

DUE = date(2026, 12, 21)
CAHORS = territory("46042")
CARDS = catalog().datasets
NEEDS = list(catalog().needs().values())
LAW = re.compile(r"\bL\. ?\d|\bCRPA\b|\bcodes? d|\bloi\b|\barticle\b|décret", re.IGNORECASE)
FAMILIES = (
    "tree_inventory",
    "street_lights",
    "water_consumption",
    "flood_hazard_maps",
    "vulnerable_register",
    "naturalist_observations",
    "budget",
    "elevation_lidar",
)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def written(dataset: str, tone: str, code: str = "46042") -> str:
    return plain(letter(CARDS[dataset], territory(code), tone, DUE).text)


@pytest.mark.parametrize("code", ["46042", "200023737", "dep:46", "reg:76", "00001"])
@pytest.mark.parametrize("tone", TONES)
def test_every_dataset_has_a_complete_text_in_every_tone(tone, code):
    place = territory(code)
    for card in NEEDS:
        made = letter(card, place, tone, DUE)
        text = made.text
        assert "\n" not in made.subject
        assert not re.search(
            r"\bNone\b|\bnan\b|[{}]|  |[ \u00a0]\n| $|\.\.(?!\.)| ,|\n\n\n", text
        ), text
        assert not re.search(r" [;:!?»]", text), text  # a no-break space stands there
        assert card.title.replace("\u2019", "'") in plain(text).replace("\u2019", "'")
        assert "21\u00a0décembre\u00a02026" in text
        assert "dites-nous simplement pourquoi" in text
        assert "modèle" in text
        assert len(text) < 6000
        assert "[votre nom et votre service]" in text
        assert not re.search(r"en retard|mise en demeure|obligé|sanction|CADA", text)


@pytest.mark.parametrize("tone", ["own_service", "contract", "association"])
def test_no_article_of_law_to_a_colleague_a_contractor_or_an_association(tone):
    for card in NEEDS:
        text = letter(card, CAHORS, tone, DUE).text
        labels = [column.label for column in card.columns]
        for label in labels:
            text = text.replace(clean(label[:1].lower() + label[1:]), "")
        assert not LAW.search(text), LAW.search(text)
        assert LEGAL_NOTE not in text


@pytest.mark.parametrize("tone", ["authority", "state_service", "concession"])
def test_a_text_of_law_is_always_to_be_confirmed(tone):
    for card in NEEDS:
        assert LEGAL_NOTE in letter(card, CAHORS, tone, DUE).text


def test_a_colleague_gets_a_short_message():
    lengths = {tone: len(written("tree_inventory", tone)) for tone in TONES}
    assert lengths["own_service"] == min(lengths.values())
    assert written("tree_inventory", "own_service").split("\n")[2] == "Bonjour,"


@pytest.mark.parametrize(
    ("dataset", "cited"),
    [
        ("tree_inventory", True),
        ("water_consumption", True),
        ("flood_hazard_maps", True),
        ("budget", False),
        ("street_lights", False),
    ],
)
def test_environment_is_cited_for_trees_water_and_risks(dataset, cited):
    for tone in ("authority", "state_service"):
        assert ("L. 124-1" in written(dataset, tone)) is cited
        assert "L. 312-1-1" in written(dataset, tone)


def test_a_concession_is_cited_with_its_reserve_and_nowhere_else():
    for dataset in FAMILIES:
        assert "L. 3131-2" in written(dataset, "concession")
        assert "si le contrat en relève ; date et clauses à vérifier" in written(
            dataset, "concession"
        )
        for tone in set(TONES) - {"concession"}:
            assert "3131" not in written(dataset, tone)
    assert "clauses" in written("pedestrian_counts", "contract")


def test_an_association_is_offered_an_exchange():
    text = written("naturalist_observations", "association")
    for word in ("convention d'échange", "De notre côté", "maîtres de vos données", "licence"):
        assert word in text


def test_the_standard_is_named_with_its_few_mandatory_fields():
    text = written("grants", "authority")
    assert "« Subventions » (scdl/subventions, schema.data.gouv.fr)" in text
    assert "Champs obligatoires :" in text
    assert "et 6 autres, dans le modèle joint" in text
    assert "scdl/subventions" not in written("grants", "own_service")
    assert "rien n'oblige à le suivre" in written("tree_inventory", "authority")


@pytest.mark.parametrize("tone", TONES)
def test_what_is_protected_is_never_asked_for_as_it_is(tone):
    for card in NEEDS:
        if card.likely_status != "closed_justified":
            continue
        text = plain(letter(card, CAHORS, tone, DUE).text)
        assert "Rien ne serait publié sans votre accord écrit" in text
        assert "Licence Ouverte" not in text
        assert "tel qu'il existe" not in text
        if card.status_reason == "personal_data":
            assert "ni aucun nom" in text
            assert "sans donnée nominative" in text.split("\n")[0]


def test_personal_data_are_to_be_removed_elsewhere():
    assert "Merci de retirer, avant l'envoi, les noms" in written("tree_inventory", "own_service")


@pytest.mark.parametrize("tone", TONES)
def test_a_fictional_town_says_so_and_names_no_real_holder(tone):
    real = {word for card in NEEDS for word in re.findall(r"\b[A-Z]{3,}\b", card.producer_label)}
    for card in NEEDS:
        made = letter(card, territory("00001"), tone, DUE)
        assert made.subject.startswith("FICTIF")
        assert made.body.startswith("FICTIF")
        opening = made.body.split("Ce que cela")[0].replace(clean(card.title), "")
        assert not real & set(re.findall(r"\b[A-Z]{3,}\b", opening)) - {"FICTIF"}
        assert "Action Cœur de Ville" not in made.body


def test_several_data_of_one_holder_in_one_message():
    asked = [CARDS[key] for key in ("green_spaces", "tree_inventory", "crack_reports")]
    text = plain(letter(asked, CAHORS, "own_service", DUE).text)
    assert text.startswith("Objet : 3 données")
    for card in asked:
        assert f"- {card.title}" in text
    assert "Pour « Signalements de fissures », nous ne demandons" in text
    assert "Vous pouvez répondre pour une seule" in text
    to_others = letter(asked, CAHORS, "authority", DUE).subject
    assert plain(to_others) == "Demande de 3 données – Cahors"


def test_even_everything_at_once_can_be_kept():
    for tone in TONES:
        text = letter(NEEDS[:60], CAHORS, tone, DUE).text
        assert len(text) < 10_000


def test_an_unknown_tone_is_refused():
    with pytest.raises(ValueError, match="ton 'sec' inconnu"):
        letter(CARDS["budget"], CAHORS, "sec", DUE)


def test_the_sender_takes_the_place_of_the_placeholders():
    made = letter(CARDS["budget"], CAHORS, "authority", DUE, Sender("Cellule données", "0500"))
    assert made.body.endswith("\nCellule données")
    assert "Pour en parler\u00a0: 0500." in made.body
    assert "[" not in made.body


@pytest.mark.parametrize("tone", TONES)
def test_a_reminder_is_courteous_and_cites_no_law(tone):
    asked = Request("tree_inventory", "x", tone, "sent", sent_on=date(2026, 10, 1))
    for code in ("46042", "00001"):
        made = reminder(asked, CARDS["tree_inventory"], territory(code))
        assert "1er\u00a0octobre\u00a02026" in made.body
        assert "dites-nous simplement pourquoi" in made.body
        assert not LAW.search(made.text)
        assert "retard" not in made.text
        assert made.subject.startswith("FICTIF") is (code == "00001")


def test_file_names_say_what_where_and_when():
    trees = CARDS["tree_inventory"]
    assert file_name([trees], CAHORS, DUE) == "demande_tree_inventory_46042_2026-12-21.txt"
    assert file_name([trees] * 3, territory("00001"), DUE) == (
        "demande_3_donnees_00001_FICTIF_2026-12-21.txt"
    )
    assert ":" not in file_name([trees], territory("dep:46"), DUE)


# --- whatever was typed --------------------------------------------------------------------------

HOSTILE = (
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "Mairie\r\nBcc: tous@exemple.fr\r\n\r\nAutre corps",
    "\u202eenvers\u202c \u200bvide\x00\x1b[31m",
    "{0} {name} %s",
    "x" * 10_000,
    " \u00a0 ",
)


@pytest.mark.parametrize("typed", HOSTILE)
@pytest.mark.parametrize("tone", TONES)
def test_hostile_names_stay_on_their_line(typed, tone):
    place = replace(CAHORS, name=typed)
    card = replace(CARDS["budget"], title=typed)
    usual = letter(CARDS["budget"], CAHORS, tone, DUE, Sender("a", "b"))
    made = letter(card, place, tone, DUE, Sender(typed, typed))
    assert made.text.count("\n") == usual.text.count("\n")
    assert len(made.text) < 4000
    assert not re.search("[\x00-\x09\x0b-\x1f\u200b-\u200f\u202a-\u202e\u2066-\u2069]", made.text)


@pytest.mark.parametrize("typed", HOSTILE)
def test_a_link_to_the_mailer_carries_no_header_but_ours(typed):
    address = mailto("sig@exemple.fr", f"Objet : {typed}\n\nCorps & suite ?cc=x#y\n{typed[:300]}")
    assert address is not None
    assert len(address) < 3000
    parts = urlsplit(address)
    assert (parts.scheme, parts.path) == ("mailto", "sig@exemple.fr")
    assert set(parse_qs(parts.query, keep_blank_values=True)) <= {"subject", "body"}
    assert not re.search(r"\s", address)
    subject = address.split("subject=")[1].split("&")[0]
    assert not re.search(r"%0[ad]", subject, re.IGNORECASE)


@pytest.mark.parametrize(
    "contact",
    [
        "",
        "0565200000",
        "a@b",
        "a@b.fr?cc=c@d.fr",
        "a@b.fr,c@d.fr",
        "a@b.fr\nBcc: x@y.fr",
        "<a@b.fr>",
    ],
)
def test_only_one_plain_address_makes_a_link(contact):
    assert mailto(contact, "Objet : x\n\ny") is None


def test_a_long_message_leaves_its_body_to_paste():
    text = letter(CARDS["tree_inventory"], CAHORS, "authority", DUE).text
    address = mailto("sig@exemple.fr", text)
    assert "&body=" not in address
    assert "Inventaire des arbres" in unquote(address)
    assert "&body=Bonjour%2C%0D%0Amerci" in mailto("a@b.fr", "Objet : x\n\nBonjour,\nmerci")


def test_the_subject_is_read_back_from_the_first_line():
    made = letter(CARDS["budget"], CAHORS, "authority", DUE)
    assert split(made.text) == (made.subject, made.body)
    assert split("Bonjour : vous\nsuite") == ("", "Bonjour : vous\nsuite")


@given(st.text(max_size=400))
def test_clean_and_tidy_are_stable_and_visible(typed):
    line = clean(typed)
    assert line == clean(line)
    assert "\n" not in line
    assert len(line) <= letters.LONGEST_LINE
    assert tidy(typed) == tidy(tidy(typed))

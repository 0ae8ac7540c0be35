"""Letters to holders: the words of the request, in three formats, one or all of a holder."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest

from data.territories import territory
from restitution import letters
from restitution.account import Account
from restitution.document import NOTICE
from tests.restitution import reading

DAY = date(2026, 11, 21)


@pytest.fixture(params=["46042", "97209", "01001", "00001"])
def account(request, embedded_store) -> Account:
    return Account(embedded_store, territory(request.param), DAY)


def squeezed(words: str) -> str:
    return "".join(words.split())


def test_every_missing_dataset_is_asked_once_of_one_holder(account):
    asked = [dataset for held in letters.by_holder(account).values() for dataset in held]
    assert asked and sorted(asked) == sorted(line.dataset for line in account.missing)


def test_each_format_says_the_whole_letter(account):
    datasets = next(iter(letters.by_holder(account).values()))
    written = letters.request(account, datasets)
    pages = reading.pdf_pages(letters.make(account, datasets, "pdf").content)
    docx = reading.office_parts(letters.make(account, datasets, "docx").content)
    assert letters.make(account, datasets, "txt").content.decode() == written.text
    holder = letters.addressee(account, datasets)
    for said in (" ".join(pages), " ".join(docx)):
        for paragraph in (holder, written.subject, *written.body.split("\n\n")):
            assert squeezed(paragraph) in squeezed(said)
    assert all(squeezed(NOTICE) in squeezed(page) for page in pages)
    assert all("FICTIF" in page for page in pages) or not account.place.fictional


def test_all_letters_hold_in_one_archive_of_plain_names(embedded_store):
    account = Account(embedded_store, territory("00001"), DAY)
    made = letters.all_of(account)
    with zipfile.ZipFile(io.BytesIO(made.content)) as held:
        names = held.namelist()
    assert len(names) == 3 * len(letters.by_holder(account))
    assert all(len(name) < 90 for name in names)
    assert all(name.isascii() and "/" not in name and ".." not in name for name in names)
    assert made.content == letters.all_of(account).content


def test_a_template_is_promised_only_where_it_is_joined(account):
    made = zipfile.ZipFile(io.BytesIO(letters.all_of(account).content))
    for rank, datasets in enumerate(letters.by_holder(account).values(), start=1):
        alone = letters.request(account, datasets).text
        assert "joint" not in alone and "modèle" not in alone
        assert "modèle" in letters.request(account, datasets, attached=True).text.lower()
        joined = [name for name in made.namelist() if name.startswith(f"{rank:02d}_")]
        assert sorted(name.rpartition(".")[2] for name in joined) == ["docx", "pdf", "xlsx"]


def test_a_holder_in_the_name_of_a_file_is_cut_at_a_word():
    made = letters._ascii("Commune, intercommunalité, département, région")
    assert made == "commune_intercommunalite_departement"


@pytest.mark.parametrize("name", ["../../etc", "C:\\x", "Régie d'été", "مرحبا", "", "a" * 500])
def test_a_holder_never_becomes_a_path(name):
    made = letters._ascii(name)
    assert made and made.isascii() and len(made) <= 40 and made.replace("_", "").isalnum()


def test_no_missing_data_is_said(embedded_store, monkeypatch):
    account = Account(embedded_store, territory("46042"), DAY)
    monkeypatch.setitem(account.__dict__, "missing", ())
    assert letters.all_of(account).skipped == (("lettres", "Aucune donnée n'est à demander."),)

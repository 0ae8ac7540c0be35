"""A draft over a document: what it says is done, nothing else moves, nothing breaks it."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from data.entries import Draft
from data.territories import territory
from restitution.document import Document, Facts, Items, Part, Picture, Section, Text
from restitution.drafts import COMMENT, editable, edited
from restitution.outline import of_document

IMAGE = Picture(b"png", "png", alt="")
words = st.text(max_size=40)
ids = st.sampled_from(["a", "b", "c", "d", "inconnu"])
text_ids = st.sampled_from(["a/fait", "a/profond", "b/fait", "c/rien", "x/y"])


def document() -> Document:
    """Four parts: texts at both depths, one without any, one empty."""
    deep = Section("Dedans", (Text("Deux 12\u00a0%.", id="profond"), Items(("x",))))
    blocks = {
        "a": (Text("Un 7.", "lead", id="fait"), deep, Text("sans id")),
        "b": (Text("Trois.", id="fait"),),
        "c": (Facts((("k", "v"),)),),
        "d": (),
    }
    return Document(
        "report",
        "Titre",
        "",
        territory("00001"),
        date(2026, 11, 21),
        "Document de travail",
        False,
        False,
        tuple(Part(name, name.upper(), made) for name, made in blocks.items()),
    )


def nobody(_: str) -> Picture | None:
    return None


def anything(_: str) -> Picture | None:
    return IMAGE


drafts = st.builds(
    Draft,
    st.just("report"),
    parts=st.none() | st.lists(ids, min_size=1, max_size=8),
    texts=st.dictionaries(text_ids, words),
    comments=st.dictionaries(ids, words),
    pictures=st.dictionaries(ids, words),
    captions=st.dictionaries(ids, words),
)


def said(made: Document) -> dict[str, tuple[str, bool]]:
    """Each text that may be rewritten, with its mark."""

    def texts(part, blocks):
        for block in blocks:
            if isinstance(block, Section):
                yield from texts(part, block.blocks)
            elif isinstance(block, Text) and block.id:
                yield f"{part}/{block.id}", (block.words, block.edited)

    return {key: kept for part in made.parts for key, kept in texts(part.id, part.blocks)}


def test_no_draft_or_an_empty_one_changes_nothing():
    made = document()
    assert edited(made, None, nobody) is made
    assert edited(made, Draft("report"), anything) == made


@given(drafts)
def test_the_parts_are_those_of_the_draft_each_once_in_its_order(draft):
    made = edited(document(), draft, nobody)
    known = [name for name in dict.fromkeys(draft.parts or "abcd") if name in "abcd"]
    assert [part.id for part in made.parts] == (known or list("abcd"))  # none is left: all of them
    assert made.title == "Titre" and made.notices == document().notices


@given(drafts)
def test_a_text_is_marked_exactly_when_it_no_longer_says_the_same(draft):
    before, after = said(document()), said(edited(document(), draft, nobody))
    for key, (now, mark) in after.items():
        typed = draft.texts.get(key, "").strip()
        assert mark == bool(typed and typed != before[key][0])
        assert now.replace("\u00a0", " ") == (
            (typed if mark else before[key][0]).replace("\u00a0", " ")
        )


@given(drafts)
def test_what_is_added_comes_last_and_only_where_it_was_asked(draft):
    made = edited(document(), draft, anything)
    before = {part.id: part for part in document().parts}
    for part in made.parts:
        added = part.blocks[len(before[part.id].blocks) :]
        wanted = [bool(draft.comments.get(part.id, "").strip()), bool(draft.pictures.get(part.id))]
        assert len(added) == sum(wanted)
        comments = [block for block in added if isinstance(block, Text)]
        assert all(block.tone == "typed" and block.strong == COMMENT for block in comments)
        images = [block for block in added if isinstance(block, Picture)]
        assert all(block.content == b"png" for block in images)


@given(drafts)
def test_a_picture_that_is_no_longer_there_leaves_no_hole(draft):
    made = edited(document(), draft, nobody)
    assert not [block for part in made.parts for block in part.blocks if isinstance(block, Picture)]


def test_every_text_with_an_id_may_be_rewritten_and_no_other():
    assert [(one.id, one.part) for one in editable(document())] == [
        ("a/fait", "a"),
        ("a/profond", "a"),
        ("b/fait", "b"),
    ]


def test_the_outline_of_a_document_is_its_parts_with_their_texts():
    pieces = of_document(document())
    assert [piece.id for piece in pieces] == ["a", "b", "c", "d"]
    assert pieces[0].texts == (("a/fait", "Un 7."), ("a/profond", "Deux 12\u00a0%."))
    assert pieces[2].texts == ()

"""The views as slides: real layouts, native charts and tables, notes; and the same as PDF."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pptx.enum.dml import MSO_THEME_COLOR
from pptx.oxml import parse_xml
from pptx.presentation import Presentation as Slides
from pptx.slide import Slide
from pptx.util import Cm, Pt

from data.entries import Draft
from drawing import french
from restitution import chart_images, slide_charts, slide_tables, typeset, zipped
from restitution import slide_template as template
from restitution.account import Account
from restitution.deck import Deck, View, arranged, deck
from restitution.deck.view import ELUS
from restitution.document import (
    BALLOT,
    EDITED,
    FICTIONAL,
    NOTICE,
    Chart,
    Column,
    Facts,
    KeyFigures,
    Picture,
    Section,
    Table,
    marks,
)
from restitution.drafts import Pictures
from restitution.export import Made
from restitution.slide_text import clean, fitted, tidy
from restitution.slide_words import BIG, Line, worded, write

AUTHOR = "Cœur de Données"
Shown = Chart | Table | Picture  # what takes the middle of a slide


def views(account: Account, draft: Draft | None, picture: Pictures) -> Deck:
    """The deck of the audience of a draft, as the draft wants it; élus by default."""
    audience = draft.audience if draft and draft.audience else ELUS
    return arranged(deck(account, audience), draft, picture)


def as_pptx(account: Account, draft: Draft | None, picture: Pictures) -> Made:
    """The slides, to be edited and shown by an office program."""
    return Made(pptx(views(account, draft, picture)))


def as_pdf(account: Account, draft: Draft | None, picture: Pictures) -> Made:
    """The same views as PDF, one a page."""
    made = views(account, draft, picture)
    return Made(typeset.pdf("slides.typ", typeset.deck(made), account.day))


def pptx(made: Deck) -> bytes:
    """The bytes of the slides of a deck; the same deck gives the same bytes."""
    slides = template.blank()
    for rank, view in enumerate(made.views):
        for part in _parts(view):
            _add(slides, made, part, last=rank == len(made.views) - 1)
    _described(slides, made)
    held = io.BytesIO()
    slides.save(held)
    return zipped.restamped(held.getvalue())


def _described(slides: Slides, made: Deck) -> None:
    said = slides.core_properties
    said.title, said.author, said.language = clean(made.title, 200), AUTHOR, "fr-FR"
    said.subject, said.comments = NOTICE, BALLOT
    said.created = said.modified = _moment(made.day)
    said.last_modified_by, said.revision = AUTHOR, 1


def _moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)


# --- a view as slides ----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Part:
    """What one slide shows of a view."""

    view: View
    title: str
    lines: tuple[Line, ...]
    shown: Shown | None


def _parts(view: View) -> Iterator[_Part]:
    """One slide; more when a view shows several things."""
    shown: list[Shown | None] = [made for block in view.body for made in drawn(block)]
    lines = tuple(made for block in view.body for made in worded(block))
    first, *others = shown or (None,)
    yield _Part(view, view.title, lines, first)
    for other in others:
        yield _Part(view, f"{view.title} (suite)", (), other)


def drawn(block: Any) -> tuple[Shown, ...]:
    """What a block puts in the middle of a slide."""
    if isinstance(block, Chart | Table | Picture):
        return (block,)
    if isinstance(block, KeyFigures) and len(block.figures) > BIG:
        return (_figures(block),)
    if isinstance(block, Facts):
        return (Table("", (Column("", 1), Column("", 2)), block.rows),)
    if isinstance(block, Section):
        return tuple(made for inner in block.blocks for made in drawn(inner))
    return ()


def _figures(block: KeyFigures) -> Table:
    """Figures as a table; where none has an interval nor a place, that column is not there."""
    beside = any(figure.beside for figure in block.figures)
    columns = (Column("Chiffre", 1.6), Column("Valeur", 1.1, True), Column("Pour situer", 1.8))
    rows = tuple((made.label, made.value, made.beside or NO_PLACE) for made in block.figures)
    if beside:
        return Table("Chiffres", columns, rows)
    return Table("Chiffres", columns[:2], tuple(row[:2] for row in rows))


NO_PLACE = "pas de comparaison"


# --- a slide -------------------------------------------------------------------------------------


def _add(slides: Slides, made: Deck, part: _Part, *, last: bool) -> None:
    layout = _layout(part)
    slide = slides.slides.add_slide(slides.slide_layouts.get_by_name(layout))
    held = {shape.placeholder_format.idx: shape for shape in slide.placeholders}
    for shape in held.values():
        shape.name = template.place(layout, shape.placeholder_format.idx).name
    if made.place.fictional:
        _watermark(slide)
    _titled(held, layout, part)
    _say(held[template.MARKS], layout, template.MARKS, " · ".join(marks(made)))
    _cited(held, layout, part.view.source, last=last)
    _show(held, layout, part.shown, made)
    _foot(slide, layout, made)
    _noted(slide, part.view)
    _clear(held, layout)


def _layout(part: _Part) -> str:
    if part.view.id == "titre":
        return template.OPENING
    if isinstance(part.shown, Picture) or _as_image(part.shown):
        return template.PICTURED
    if isinstance(part.shown, Chart):
        return template.BOTH if slide_charts.has_intervals(part.shown) else template.CHARTED
    return template.TABLED if isinstance(part.shown, Table) and part.shown.rows else template.WORDS


def _as_image(shown: Shown | None) -> bool:
    """A chart whose numbers are not given point by point is shown as it is drawn elsewhere."""
    return isinstance(shown, Chart) and not shown.points


def _titled(held: dict[int, Any], layout: str, part: _Part) -> None:
    """Title, sentence and words; on a slide that shows something the words join the sentence."""
    _say(held[template.TITLE], layout, template.TITLE, part.title)
    said = part.view.sentence + (f" ({EDITED})" if part.view.edited else "")
    place = template.place(layout, template.SENTENCE)
    spoken = (Line(said, place.size),) if said else ()
    if template.BODY not in held:
        write(held[template.SENTENCE], place, (*spoken, *part.lines))
        return
    write(held[template.SENTENCE], place, spoken)
    lines = (*part.lines, *_empty(part.shown))
    write(held[template.BODY], template.place(layout, template.BODY), lines)


def _empty(shown: Shown | None) -> tuple[Line, ...]:
    """Why a table has no row."""
    return (Line(shown.empty or NOTHING),) if isinstance(shown, Table) else ()


NOTHING = "Rien à montrer ici."


def _cited(held: dict[int, Any], layout: str, source: str, *, last: bool) -> None:
    """The source, and once in the document what is to be checked before a ballot."""
    said = [f"Source\u00a0: {source}"] if source else []
    said += [BALLOT] if last else []
    _say(held[template.SOURCE], layout, template.SOURCE, " ".join(said))


def _say(shape: Any, layout: str, index: int, words: str) -> None:
    """One paragraph at the size of its place, smaller when it is long."""
    place = template.place(layout, index)
    if words:
        write(shape, place, (Line(words, place.size, place.bold),), styled=False)


def _show(held: dict[int, Any], layout: str, shown: Shown | None, made: Deck) -> None:
    if isinstance(shown, Picture) or _as_image(shown):
        _pictured(held, layout, shown)
    elif isinstance(shown, Chart):
        _describe(slide_charts.insert(held[template.CHART], shown, _moment(made.day)), shown.alt)
        if template.TABLE in held:
            _tabled(held, layout, shown.table)
    elif isinstance(shown, Table) and shown.rows:
        _tabled(held, layout, shown)


def _tabled(held: dict[int, Any], layout: str, shown: Table) -> None:
    place = template.place(layout, template.TABLE)
    _describe(slide_tables.insert(held[template.TABLE], shown, place), shown.caption or "Tableau")


def _pictured(held: dict[int, Any], layout: str, shown: Any) -> None:
    content = shown.content if isinstance(shown, Picture) else chart_images.png(shown.spec)
    frame = held[template.PICTURE].insert_picture(io.BytesIO(content))
    _whole(frame, template.place(layout, template.PICTURE))
    _describe(frame, shown.alt)


def _whole(frame: Any, place: template.Place) -> None:
    """The picture whole in its place: a placeholder would crop it."""
    frame.crop_left = frame.crop_right = frame.crop_top = frame.crop_bottom = 0
    across, down = frame.image.size
    ratio = min(Cm(place.across) / across, Cm(place.down) / down)
    frame.width, frame.height = int(across * ratio), int(down * ratio)
    frame.left = Cm(place.left) + (Cm(place.across) - frame.width) // 2
    frame.top = Cm(place.top)


def _describe(frame: Any, alt: str) -> None:
    """What is read aloud in the place of a drawing."""
    properties = frame._element.xpath(".//p:cNvPr")[0]
    properties.set("descr", clean(alt, 1000))


def _foot(slide: Slide, layout: str, made: Deck) -> None:
    """Notice and number, in the slide itself: a master can be taken away."""
    said = f"{french.upper_first(made.place.name)}, {french.day(made.day)}. {NOTICE}"
    place = template.place(layout, template.FOOTER)
    words, size = fitted(clean(said), place.across, place.down, (11, 10, 9))
    foot = _placed(slide, place, '<a:r><a:rPr lang="fr-FR"/><a:t/></a:r>')
    foot.text_frame.paragraphs[0].runs[0].text = words
    foot.text_frame.paragraphs[0].runs[0].font.size = Pt(size)
    _placed(slide, template.place(layout, template.NUMBER), template.NUMBERED)


def _placed(slide: Slide, place: template.Place, inside: str) -> Any:
    """A placeholder that a slide does not get by itself: footer and number."""
    tree = slide.shapes._spTree
    number = max(int(found) for found in tree.xpath(".//p:cNvPr/@id")) + 1
    tree.append(
        parse_xml(
            f'<p:sp {template.SCHEMAS}><p:nvSpPr><p:cNvPr id="{number}" name="{place.name}"/>'
            f'<p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr><p:ph type="{place.kind}" '
            f'idx="{place.index}"/></p:nvPr></p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/>'
            f"<a:lstStyle/><a:p>{inside}</a:p></p:txBody></p:sp>"
        )
    )
    return slide.shapes[-1]


def _watermark(slide: Slide) -> None:
    """FICTIF across the slide, under everything."""
    tree = slide.shapes._spTree
    box = slide.shapes.add_textbox(Cm(4), Cm(6.5), Cm(26), Cm(6))
    box.name, box.rotation = FICTIONAL, -20
    run = box.text_frame.paragraphs[0].add_run()
    run.text, run.font.size, run.font.bold = FICTIONAL, Pt(150), True
    run.font.color.theme_color = MSO_THEME_COLOR.BACKGROUND_2
    run._r.get_or_add_rPr().set("lang", "fr-FR")
    tree.remove(box._element)
    tree.insert(2, box._element)


def _noted(slide: Slide, view: View) -> None:
    """What the speaker reads: one paragraph a sentence."""
    frame: Any = slide.notes_slide.notes_text_frame
    frame.text = tidy("\n".join(view.notes))
    for paragraph in frame.paragraphs:
        for run in paragraph.runs:
            run._r.get_or_add_rPr().set("lang", "fr-FR")


def _clear(held: dict[int, Any], layout: str) -> None:
    """Take away what stays empty, but the place of the logo."""
    for index, shape in held.items():
        logo = layout == template.OPENING and index == template.PICTURE
        if not logo and shape._element is not None and _is_bare(shape):
            shape._element.getparent().remove(shape._element)


def _is_bare(shape: Any) -> bool:
    return not shape.has_text_frame or not shape.text_frame.text

"""The styles of our Word documents, set on the blank document that python-docx brings.

What that blank one carries of its maker is taken out: styles of another version, a thumbnail, the
name of another program.
"""

from __future__ import annotations

from typing import Any

from docx.document import Document as Word
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle

from drawing.signs import ACCENT, BORDER, INK, MUTED, PRIMARY, TINT

LANGUAGE = "fr-FR"
FONT, INSTEAD = "Atkinson Hyperlegible Next", "Verdana"  # the second where the first is absent
LEAD, QUIET, FRAMED, TYPED = "Chapeau", "Discret", "Encadré", "Saisi par une personne"
FACT, SOURCE, LINE, TABLE = "Fait", "Source", "Ligne à remplir", "Tableau"
_KEPT = {
    "Normal", "Header", "Footer", "Title", "Subtitle", "List Bullet", "List Number", "Caption",
    "Heading 1", "Heading 2", "Heading 3", "Heading 4", "Heading 5", "Heading 6",
    "Default Paragraph Font", "Normal Table", "No List",
}  # fmt: skip
_SIZES = {
    "Title": 20, "Subtitle": 12, "Heading 1": 14, "Heading 2": 12, "Heading 3": 11,
    "Heading 4": 10.5, "Heading 5": 10.5, "Heading 6": 10.5, "Caption": 9.5,
    "Header": 8.5, "Footer": 8.5,
}  # fmt: skip
_FOREIGN = ("stylesWithEffects", "thumbnail", "customXml", "webSettings", "extended-properties")


def dress(made: Word) -> None:
    """Give a new document our styles, our fonts and its language."""
    _strip(made)
    _defaults(made)
    for name, size in _SIZES.items():
        _built_in(made.styles[name], size)
    _lists(made)
    _own(made)
    _table(made)
    _foot(made)


def restarted(made: Word) -> int:
    """The id of a numbering that begins again at 1, for one more ordered list."""
    numbering = made.part.numbering_part.element
    held = made.styles["List Number"].element.pPr.numPr.numId.val
    abstract = numbering.num_having_numId(held).abstractNumId.val
    number = numbering.add_num(abstract)
    number.add_lvlOverride(0).add_startOverride(1)
    return int(number.numId)


def _strip(made: Word) -> None:
    for package in (made.part, made.part.package):
        for key, relation in list(package.rels.items()):
            if any(word in relation.reltype for word in _FOREIGN):
                del package.rels[key]
    styles, kept = made.styles.element, {_inner(name) for name in _KEPT}
    for style in list(styles.style_lst):
        if style.name_val not in kept:
            styles.remove(style)
        for link in style.findall(qn("w:link")):  # to the style of a character, taken out
            style.remove(link)


def _inner(name: str) -> str:
    """'Heading 1' -> 'heading 1': built-in names are kept in lower case inside the file."""
    return name.lower() if name.startswith(("Heading", "Header", "Footer", "Caption")) else name


def _defaults(made: Word) -> None:
    fonts = f'w:ascii="{FONT}" w:hAnsi="{FONT}" w:cs="{INSTEAD}" w:eastAsia="{FONT}"'
    held = made.styles.element.find(qn("w:docDefaults"))
    made.styles.element.replace(
        held,
        parse_xml(
            f"<w:docDefaults {nsdecls('w')}><w:rPrDefault><w:rPr><w:rFonts {fonts}/>"
            f'<w:sz w:val="20"/><w:szCs w:val="20"/>'
            f'<w:lang w:val="{LANGUAGE}" w:eastAsia="{LANGUAGE}" w:bidi="ar-SA"/></w:rPr>'
            '</w:rPrDefault><w:pPrDefault><w:pPr><w:widowControl/><w:spacing w:after="100" '
            'w:line="264" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>'
        ),
    )
    settings = made.settings.element
    language = settings.find(qn("w:themeFontLang"))
    language.attrib.clear()
    language.set(qn("w:val"), LANGUAGE)
    zoom = settings.find(qn("w:zoom"))
    zoom.attrib.clear()
    zoom.set(qn("w:percent"), "100")
    _fonts(made)


def _fonts(made: Word) -> None:
    """The table of fonts: ours, and what to draw with where it is not installed."""
    part = next(r.target_part for r in made.part.rels.values() if "fontTable" in r.reltype)
    part._blob = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<w:fonts {nsdecls("w")}><w:font w:name="{FONT}"><w:altName w:val="{INSTEAD}"/>'
        '<w:family w:val="swiss"/><w:pitch w:val="variable"/></w:font>'
        f'<w:font w:name="{INSTEAD}"><w:family w:val="swiss"/><w:pitch w:val="variable"/></w:font>'
        "</w:fonts>"
    ).encode()


def _built_in(style: Any, size: float) -> None:
    heading = style.name.startswith(("Heading", "Title"))
    _font(style, size, PRIMARY if heading else MUTED if style.name != "Caption" else INK)
    style.font.bold = heading or style.name == "Caption"
    style.font.italic = False
    spacing = style.paragraph_format
    spacing.space_after = Pt(3)
    if style.name.startswith("Heading"):
        spacing.space_before = Pt(12 if style.name == "Heading 1" else 8)
    if style.name == "Caption":
        spacing.space_before = Pt(6)
    spacing.keep_with_next = heading or style.name == "Caption"
    for border in style.element.findall(f"{qn('w:pPr')}/{qn('w:pBdr')}"):
        border.getparent().remove(border)


def _font(style: Any, size: float, colour: dict[str, str]) -> None:
    """The same face everywhere: what the blank document says by theme is taken out."""
    properties = style.element.get_or_add_rPr()
    for name in ("w:rFonts", "w:color", "w:spacing", "w:kern", "w:lang", "w:szCs"):
        for held in properties.findall(qn(name)):
            properties.remove(held)
    style.font.size = Pt(size)
    style.font.color.rgb = _rgb(colour)


def _rgb(colour: dict[str, str]) -> RGBColor:
    return RGBColor.from_string(colour["light"].removeprefix("#"))


def _lists(made: Word) -> None:
    for name in ("List Bullet", "List Number"):
        made.styles[name].paragraph_format.space_after = Pt(2)


def _own(made: Word) -> None:
    """Our own paragraphs, each with one use."""
    _added(made, LEAD, 12)
    _added(made, QUIET, 9, MUTED).paragraph_format.space_before = Pt(4)
    source = _added(made, SOURCE, 8.5, MUTED).paragraph_format
    source.space_before, source.space_after = Pt(3), Pt(8)
    _added(made, FACT, 10).paragraph_format.space_after = Pt(2)
    _bordered(_added(made, FRAMED, 10), "left", ACCENT, TINT)
    _bordered(_added(made, TYPED, 10), "left", PRIMARY, None)
    line = _added(made, LINE, 14)
    line.paragraph_format.space_after = Pt(0)
    _bordered(line, "bottom", BORDER, None)


def _added(made: Word, name: str, size: float, colour: dict[str, str] = INK) -> ParagraphStyle:
    style = made.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = made.styles["Normal"]
    style.quick_style = True
    _font(style, size, colour)
    return style


def _bordered(
    style: ParagraphStyle, side: str, colour: dict[str, str], fill: dict[str, str] | None
) -> None:
    """A line along one side, and a tint behind when asked."""
    properties = style.element.get_or_add_pPr()
    line = colour["light"].removeprefix("#")
    sides = (side, "between") if side == "bottom" else (side,)  # else Word joins the lines in one
    drawn = "".join(
        f'<w:{one} w:val="single" w:sz="8" w:space="6" w:color="{line}"/>' for one in sides
    )
    borders = parse_xml(f"<w:pBdr {nsdecls('w')}>{drawn}</w:pBdr>")
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc")
    if fill:
        tint = fill["light"].removeprefix("#")
        shade = parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{tint}"/>')
        properties.insert_element_before(shade, "w:tabs", "w:spacing", "w:ind", "w:jc")
    if side == "left":
        style.paragraph_format.left_indent = Cm(0.4)


def _table(made: Word) -> None:
    """Thin lines between rows, a header that grey paper keeps."""
    line = BORDER["light"].removeprefix("#")
    strong = PRIMARY["light"].removeprefix("#")
    tint = TINT["light"].removeprefix("#")
    rows = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{line}"/>'
        for side in ("top", "bottom", "insideH")
    )
    made.styles.element.append(
        parse_xml(
            f'<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="{TABLE}">'
            f'<w:name w:val="{TABLE}"/><w:basedOn w:val="TableNormal"/><w:uiPriority w:val="59"/>'
            '<w:pPr><w:spacing w:before="30" w:after="30" w:line="240" w:lineRule="auto"/></w:pPr>'
            f'<w:rPr><w:sz w:val="17"/><w:szCs w:val="17"/></w:rPr>'
            f"<w:tblPr><w:tblBorders>{rows}</w:tblBorders><w:tblCellMar>"
            '<w:top w:w="20" w:type="dxa"/><w:left w:w="60" w:type="dxa"/>'
            '<w:bottom w:w="20" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar>'
            '</w:tblPr><w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr>'
            f'<w:tcBorders><w:bottom w:val="single" w:sz="8" w:space="0" w:color="{strong}"/>'
            f'</w:tcBorders><w:shd w:val="clear" w:color="auto" w:fill="{tint}"/></w:tcPr>'
            "</w:tblStylePr></w:style>"
        )
    )


def _foot(made: Word) -> None:
    """The page number at the right end of the foot."""
    for name in ("Header", "Footer"):
        style = made.styles[name]
        for held in style.element.findall(f"{qn('w:pPr')}/{qn('w:tabs')}"):
            held.getparent().remove(held)
    tabs = made.styles["Footer"].paragraph_format.tab_stops
    tabs.add_tab_stop(Cm(17), WD_TAB_ALIGNMENT.RIGHT)

"""Our own template of slides: theme, master and layouts with real placeholders, 16:9.

Built once from the one python-pptx carries, whose layouts are all replaced.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from functools import cache

from pptx import Presentation
from pptx.oxml import parse_xml
from pptx.presentation import Presentation as Slides
from pptx.util import Cm

from drawing.signs import ACCENT, INK, MUTED, PRIMARY, TINT

FONT = "Atkinson Hyperlegible Next"
# Verdana's own description: a machine without our font shows the nearest to it.
LATIN = f'<a:latin typeface="{FONT}" panose="020B0604030504040204" pitchFamily="34" charset="0"/>'
WIDE, TALL = 33.867, 19.05  # cm
LEFT, ACROSS = 1.7, 30.4
SCHEMAS = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
TITLE, SENTENCE, BODY, TABLE, CHART, PICTURE = 0, 1, 2, 13, 14, 15
SOURCE, MARKS, FOOTER, NUMBER = 16, 17, 11, 12


@dataclass(frozen=True)
class Place:
    """A placeholder of a layout: where it is, in centimetres, and how its text looks."""

    index: int
    kind: str
    name: str
    left: float
    top: float
    across: float
    down: float
    size: float
    prompt: str
    bold: bool = False
    colour: str = "tx1"
    anchor: str = "t"
    align: str = "l"


def _common() -> tuple[Place, ...]:
    foot = TALL - 1.2
    return (
        Place(SOURCE, "body", "Source", LEFT, 16.3, ACROSS, 1.35, 12, "Source", False, "tx2", "b"),
        Place(FOOTER, "ftr", "Pied de page", LEFT, foot, 26, 0.8, 11, "", False, "tx2", "ctr"),
        Place(NUMBER, "sldNum", "Numéro", 29.1, foot, 3, 0.8, 12, "‹N°›", False, "tx2", "ctr", "r"),
    )


_MARKS = Place(
    MARKS, "body", "Mentions", LEFT, 0.45, ACROSS, 0.7, 12, "Mentions", True, "accent2", "ctr"
)
_TITLE = Place(
    TITLE, "title", "Titre", LEFT, 1.2, ACROSS, 2.3, 32, "Une idée", True, "accent1", "ctr"
)
_SAID = Place(SENTENCE, "body", "Phrase", LEFT, 3.6, ACROSS, 2.4, 22, "La phrase à dire")
_TOP, _DOWN = 6.2, 9.9  # of what is shown

OPENING, WORDS, TABLED, CHARTED, BOTH, PICTURED = (
    "Ouverture",
    "Phrase",
    "Tableau",
    "Graphique",
    "Graphique et tableau",
    "Image",
)
LAYOUTS: dict[str, tuple[Place, ...]] = {
    OPENING: (
        Place(TITLE, "ctrTitle", "Titre", LEFT, 5.2, ACROSS, 4, 44, "Titre", True, "accent1", "b"),
        _MARKS,
        Place(SENTENCE, "subTitle", "Sous-titre", LEFT, 9.6, ACROSS, 5.6, 24, "Sous-titre"),
        Place(
            PICTURE,
            "pic",
            "Logo de la collectivité",
            24.6,
            1.5,
            7.5,
            3.4,
            12,
            "Logo de la collectivité",
        ),
    ),
    WORDS: (
        _TITLE,
        _MARKS,
        _SAID,
        Place(BODY, "body", "Texte", LEFT, _TOP, ACROSS, _DOWN, 24, "Texte"),
    ),
    TABLED: (
        _TITLE,
        _MARKS,
        _SAID,
        Place(TABLE, "tbl", "Tableau", LEFT, _TOP, ACROSS, _DOWN, 18, "Tableau"),
    ),
    CHARTED: (
        _TITLE,
        _MARKS,
        _SAID,
        Place(CHART, "chart", "Graphique", LEFT, _TOP, ACROSS, _DOWN, 16, "Graphique"),
    ),
    BOTH: (
        _TITLE,
        _MARKS,
        _SAID,
        Place(CHART, "chart", "Graphique", LEFT, _TOP, 15.8, _DOWN, 16, "Graphique"),
        Place(TABLE, "tbl", "Tableau", 17.9, _TOP, 14.2, _DOWN, 18, "Tableau"),
    ),
    PICTURED: (
        _TITLE,
        _MARKS,
        _SAID,
        Place(PICTURE, "pic", "Image", LEFT, _TOP, ACROSS, _DOWN, 16, "Image"),
    ),
}


def place(layout: str, index: int) -> Place:
    """The placeholder of a layout; KeyError when it has none of that index."""
    return {made.index: made for made in (*LAYOUTS[layout], *_common())}[index]


def blank() -> Slides:
    """A new presentation without a slide, on our layouts."""
    return Presentation(io.BytesIO(_template()))


@cache
def _template() -> bytes:
    made = Presentation()
    made.slide_width, made.slide_height = Cm(WIDE), Cm(TALL)
    _drop(made)
    _themed(made)
    _mastered(made)
    for layout in list(made.slide_layouts)[len(LAYOUTS) :]:
        made.slide_layouts.remove(layout)
    for layout, (name, places) in zip(made.slide_layouts, LAYOUTS.items(), strict=True):
        _laid(layout._element, name, (*places, *_common()))
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


def _drop(made: Slides) -> None:
    """Leave out what only tells of the template's own making."""
    package = made.part.package
    for owner in (package, made.part):
        rels = owner._rels
        for key in [key for key, rel in rels.items() if rel.reltype.endswith(_UNUSED)]:
            rels.pop(key)


_UNUSED = ("/thumbnail", "/extended-properties", "/printerSettings")


def _themed(made: Slides) -> None:
    """Our colours and our font in the theme of the master."""
    rels = made.slide_masters[0].part.rels.values()
    part = next(rel.target_part for rel in rels if rel.reltype.endswith("/theme"))
    xml = part.blob.decode("utf-8")
    xml = re.sub(r"(<a:clrScheme).*?(</a:clrScheme>)", _colours(), xml, flags=re.DOTALL)
    xml = re.sub(r"(<a:(major|minor)Font>)\s*<a:latin[^>]*/>", rf"\1{LATIN}", xml)
    part._blob = xml.replace('name="Office Theme"', 'name="Cœur de Données"').encode()


def _colours() -> str:
    named = {
        "dk1": INK["light"],
        "lt1": "#FFFFFF",
        "dk2": MUTED["light"],
        "lt2": TINT["light"],
        "accent1": PRIMARY["light"],
        "accent2": ACCENT["light"],
        "accent3": "#00795A",
        "accent4": "#0B63A5",
        "accent5": "#6C4391",
        "accent6": "#7A5C00",
        "hlink": PRIMARY["light"],
        "folHlink": MUTED["light"],
    }
    colours = "".join(
        f'<a:{name}><a:srgbClr val="{colour[1:]}"/></a:{name}>' for name, colour in named.items()
    )
    return f'<a:clrScheme name="Cœur de Données">{colours}</a:clrScheme>'


def _mastered(made: Slides) -> None:
    """The master: the places that layouts inherit, and the look of its texts."""
    master = made.slide_masters[0]._element
    body = Place(SENTENCE, "body", "Texte", LEFT, 3.6, ACROSS, 12, 24, "Texte")
    places = (_TITLE, body, *_common()[1:])
    _filled(master.cSld, places)
    old = master.find(f"{{{_P}}}txStyles")
    master.replace(old, parse_xml(_styles()))


_P = "http://schemas.openxmlformats.org/presentationml/2006/main"


def _styles() -> str:
    bullets = "".join(
        f'<a:lvl{level}pPr marL="0" indent="0" algn="l"><a:spcBef><a:spcPts val="600"/></a:spcBef>'
        f'<a:buNone/><a:defRPr lang="fr-FR" sz="2400"><a:solidFill><a:schemeClr val="tx1"/>'
        f"</a:solidFill>{_FONTS}</a:defRPr></a:lvl{level}pPr>"
        for level in range(1, 6)
    )
    return (
        f'<p:txStyles {SCHEMAS}><p:titleStyle><a:lvl1pPr algn="l"><a:lnSpc><a:spcPct '
        'val="100000"/></a:lnSpc><a:buNone/><a:defRPr lang="fr-FR" sz="3200" b="1"><a:solidFill>'
        f'<a:schemeClr val="accent1"/></a:solidFill>{_FONTS}</a:defRPr></a:lvl1pPr></p:titleStyle>'
        f'<p:bodyStyle>{bullets}</p:bodyStyle><p:otherStyle><a:defPPr><a:defRPr lang="fr-FR"/>'
        "</a:defPPr></p:otherStyle></p:txStyles>"
    )


_FONTS = '<a:latin typeface="+mn-lt"/><a:ea typeface="+mn-ea"/><a:cs typeface="+mn-cs"/>'


def _laid(layout, name: str, places: tuple[Place, ...]) -> None:
    """A layout with these placeholders and nothing else."""
    layout.attrib.pop("type", None)
    if name == OPENING:
        layout.set("type", "title")
    layout.cSld.set("name", name)
    _filled(layout.cSld, places)


def _filled(cSld, places: tuple[Place, ...]) -> None:
    shapes = "".join(_shape(made, number) for number, made in enumerate(places, start=2))
    tree = parse_xml(
        f'<p:spTree {SCHEMAS}><p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/>'
        f"</p:nvGrpSpPr><p:grpSpPr/>{shapes}</p:spTree>"
    )
    cSld.replace(cSld.spTree, tree)


def _shape(made: Place, number: int) -> str:
    corner = f'<a:off x="{Cm(made.left)}" y="{Cm(made.top)}"/>'
    size = f'<a:ext cx="{Cm(made.across)}" cy="{Cm(made.down)}"/>'
    kind = "" if made.kind == "obj" else f' type="{made.kind}"'
    index = f' idx="{made.index}"' if made.index else ""
    # A thin frame shows where a logo may go while one edits; nothing shows it in the room.
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="{made.name}"/><p:cNvSpPr><a:spLocks '
        f'noGrp="1"/></p:cNvSpPr><p:nvPr><p:ph{kind}{index}/></p:nvPr></p:nvSpPr><p:spPr><a:xfrm>'
        f'{corner}{size}</a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr><p:txBody>'
        f'<a:bodyPr vert="horz" wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" '
        f'anchor="{made.anchor}"><a:normAutofit/></a:bodyPr><a:lstStyle><a:lvl1pPr marL="0" '
        f'indent="0" algn="{made.align}"><a:buNone/><a:defRPr lang="fr-FR" '
        f'sz="{int(made.size * 100)}" b="{int(made.bold)}"><a:solidFill>'
        f'<a:schemeClr val="{made.colour}"/></a:solidFill></a:defRPr></a:lvl1pPr></a:lstStyle>'
        f"<a:p>{_prompt(made)}</a:p></p:txBody></p:sp>"
    )


def _prompt(made: Place) -> str:
    if made.kind == "sldNum":
        return NUMBERED
    if not made.prompt:
        return '<a:endParaRPr lang="fr-FR"/>'
    return f'<a:r><a:rPr lang="fr-FR"/><a:t>{made.prompt}</a:t></a:r>'


# The number of the slide; any constant will do as the id of a field.
NUMBERED = (
    '<a:fld id="{5B0C7A52-3A53-4D0E-8F0B-2C0F6E1D7A11}" type="slidenum"><a:rPr lang="fr-FR"/>'
    "<a:t>‹N°›</a:t></a:fld>"
)

"""The field sheet of an experience: two A4 pages that a field worker prints or sends, drawn as PDF in one language.

What matters where there is no screen: what it is, where, what helped and hindered, what went wrong and what was done about it,
what was learnt, what was measured. The rest is at the short address, which stands on it as a QR code too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, partial
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import segno
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from reportlab.graphics.shapes import Circle, Drawing, Line, PolyLine, Rect, String
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import BaseDocTemplate, CondPageBreak, Flowable, Frame, PageTemplate, Paragraph, Spacer, Table

from experiences.experience import Experience
from knowledge.charts import HEIGHT, WIDTH, LineChart, line_chart
from knowledge.citations import citation
from knowledge.presentation import areas, years_text
from portal import languages
from portal.languages import InLanguage
from portal.templatetags.portal_tags import figure, figure_short, names_shortened

PAGES = 2
#: Rows of a table, tried in this order until the sheet has two pages.
ROWS = (12, 8, 5, 3, 2, 1)
#: Charts on a sheet.
CHARTS = 2
MARGIN = 15 * mm
QR = 21 * mm
CHART_WIDTH = 84 * mm
#: What a heading needs below it.
HEADED = 25 * mm
#: Letters of one cell: a longer text is cut at a word.
LONGEST = 700
#: Where words may part: not at a no-break space, which French puts before its signs.
BREAKS = re.compile(r"[ \t\n\r\f\v]+")
INK, MUTE, LINE, TINT = HexColor("#14161f"), HexColor("#525868"), HexColor("#d3d6e0"), HexColor("#f2f3f8")
ACCENT, GOOD, BAD = HexColor("#2d2a8c"), HexColor("#22682f"), HexColor("#a8201a")
FONTS = {
    "Sheet": "DejaVuSansCondensed.ttf",
    "SheetBold": "DejaVuSansCondensed-Bold.ttf",
    "SheetSerif": "DejaVuSerifCondensed-Bold.ttf",
}


class Sheet(NamedTuple):
    """A drawn sheet."""

    content: bytes
    pages: int


def draw(page: Experience, short_address: str) -> Sheet:
    """Return the sheet of an experience in the active language; labels are in it, texts in the item's language for it."""
    fonts()
    for rows in ROWS:
        sheet = _build(page, short_address, rows)
        if sheet.pages <= PAGES:
            break
    return sheet


@cache
def fonts() -> None:
    """Register the fonts, once per process."""
    for name, file in FONTS.items():
        registerFont(TTFont(name, Path(__file__).parent / "fonts" / file))


def _build(page: Experience, short_address: str, rows: int) -> Sheet:
    item, cited = page.for_visitor, citation(page)
    output = BytesIO()
    document = BaseDocTemplate(
        output,
        pagesize=A4,
        title=item.title,
        author=cited.signed_by,
        subject=_("Fiche de terrain"),
        lang=languages.active(),
        pageCompression=1,
    )
    width, height = A4[0] - 2 * MARGIN, A4[1] - 2 * MARGIN - 8 * mm
    frame = Frame(MARGIN, MARGIN + 8 * mm, width, height, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)
    updated = date_format(page.last_published_at, "DATE_FORMAT") if page.last_published_at else ""
    words = ["STEP", cited.reference, cited.licence, updated, short_address.split("://", 1)[-1]]
    foot = partial(_foot, words=" · ".join(filter(None, words)))
    document.addPageTemplates(PageTemplate(frames=[frame], onPage=foot))
    document.build([*_head(page, item, short_address, width), *_body(page, item, rows, width)])
    return Sheet(output.getvalue(), document.page)


# --- Words ------------------------------------------------------------------------------------------------------------


def style(font: str = "Sheet", size: float = 9, **more: Any) -> ParagraphStyle:
    """Return how a paragraph looks."""
    given = {"leading": size * 1.32, "textColor": INK} | more
    return ParagraphStyle("", fontName=font, fontSize=size, **given)


def text(content: Any, look: ParagraphStyle | None = None) -> Paragraph:
    """Return a paragraph of plain text: nothing in it is markup, and a very long one is cut at a word."""
    # ReportLab keeps words together at U+00A0, and parts them at U+202F.
    words = BREAKS.sub(" ", str(content)).strip(" ").replace("\u202f", "\u00a0")
    if len(words) > LONGEST:
        words = words[:LONGEST].rsplit(" ", 1)[0] + " …"
    return Paragraph(escape(words, quote=False), look or style(splitLongWords=1))


def heading(words: str) -> Table:
    """Return the head of a section: its name under a rule."""
    table = Table([[text(words, style("SheetSerif", 11))]], colWidths=["100%"])
    table.setStyle([("LINEABOVE", (0, 0), (-1, 0), 1, INK), *_padding(left=0, top=3, bottom=3)])
    return table


def and_more(rest: int) -> list[Paragraph]:
    """Say how many rows the sheet has no room for."""
    if rest <= 0:
        return []
    words = ngettext(
        "et %(number)d autre dans la fiche complète", "et %(number)d autres dans la fiche complète", rest
    ) % {"number": rest}
    return [text(words, style(textColor=MUTE))]


# --- Parts ------------------------------------------------------------------------------------------------------------


def _head(page: Experience, item: InLanguage, short_address: str, width: float) -> list[Flowable]:
    meta = [page.kind_label, names_shortened(page.country_names), years_text(*page.years), page.reference]
    words: list[Flowable] = [
        text(" · ".join(str(part) for part in meta if part), style("SheetBold", 8, textColor=ACCENT)),
        Spacer(0, 3),
        text(item.title, style("SheetSerif", 17 if len(item.title) < 90 else 12.5)),
        Spacer(0, 4),
        text(item.summary, style(size=9.6)),
    ]
    if item.language != languages.active():
        note = _("Cette fiche est en %(language)s") % {"language": languages.name_in(item.language)}
        words += [Spacer(0, 3), text(note, style(textColor=MUTE))]
    address = text(short_address.split("://", 1)[-1], style(size=6.5, textColor=MUTE, alignment=TA_RIGHT))
    table = Table([[words, [_qr(short_address), address]]], colWidths=[width - QR - 12 * mm, QR + 12 * mm])
    table.setStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("ALIGN", (1, 0), (1, 0), "RIGHT"), *_padding(left=0)])
    return [table, Spacer(0, 6), _facts(page, width), Spacer(0, 6)]


def _facts(page: Experience, width: float) -> Table:
    within = names_shortened(areas(page.places.all()))
    carriers = names_shortened([str(row.organisation) for row in page.organisations.all() if row.role == "implementer"])
    facts = [
        (_("Lieu"), names_shortened(page.country_names) + (f" ({within})" if within else "")),
        (_("Période"), years_text(*page.years)),
        (_("État actuel"), page.get_scheme_status_display()),
        (_("Porteur"), carriers),
        (_("Modalité"), ", ".join(page.labels("extension_modality"))),
        (_("Adhésion"), page.get_membership_mode_display()),
        (_("Causes d’exclusion traitées"), ", ".join(page.labels("exclusion_cause"))),
        (_("Gestion du risque"), ", ".join(page.labels("risk_measure"))),
        (_("Transférable ?"), page.get_transfer_verdict_display()),
    ]
    cells = [[text(label, style(size=7, textColor=MUTE)), text(value)] for label, value in facts if value]
    grid = [cells[start : start + 3] for start in range(0, len(cells), 3)]
    grid[-1] += [[]] * (3 - len(grid[-1]))
    table = Table(grid, colWidths=[width / 3] * 3)
    table.setStyle([("BACKGROUND", (0, 0), (-1, -1), TINT), ("VALIGN", (0, 0), (-1, -1), "TOP"), *_padding(6, 3, 3)])
    return table


def _body(page: Experience, item: InLanguage, rows: int, width: float) -> list[Flowable]:
    parts: list[tuple[str, list[Flowable]]] = [
        (_("Le problème"), [text(item.problem)] if item.problem else []),
        (_("Ce que l’on voulait"), [text(item.objectives)] if item.objectives else []),
        (_("Conditions"), _conditions(item.conditions, rows, width)),
        (_("Forces"), _listed((row.text for row in item.strengths), len(item.strengths), rows, width, "+")),
        (_("Faiblesses, et remèdes"), _weaknesses(item.weaknesses, rows, width)),
        (_("Leçons"), _listed((row.text for row in item.lessons), len(item.lessons), rows, width)),
        (_("Résultats"), _results(page, rows, width)),
        (_("Durer"), [text(item.viability_comment)] if item.viability_comment else []),
        (_("Rare ailleurs"), [text(item.rare_context_factors)] if item.rare_context_factors else []),
    ]
    story: list[Flowable] = []
    for title, flowables in parts:
        if flowables:
            story += [CondPageBreak(HEADED), heading(title), *flowables, Spacer(0, 5)]
    return story


def _conditions(conditions: list[Any], rows: int, width: float) -> list[Flowable]:
    cells = []
    for row in conditions[:rows]:
        helped = row.effect == "enabling"
        rare = f" · {_('rare')}" if row.rare else ""
        effect = f"{'+' if helped else '−'} {row.get_effect_display()}{rare}"
        name = [
            text(row.get_factor_display(), style("SheetBold")),
            text(effect, style(size=7.6, textColor=GOOD if helped else BAD)),
        ]
        cells.append([name, text(row.text or _("n. d."))])
    return _ruled(cells, [width * 0.3, width * 0.7]) + and_more(len(conditions) - rows)


def _weaknesses(weaknesses: list[Any], rows: int, width: float) -> list[Flowable]:
    cells = [
        [
            text(row.text),
            [text(_("Comment la surmonter"), style(size=7, textColor=MUTE)), text(row.remedy or _("n. d."))],
        ]
        for row in weaknesses[:rows]
    ]
    return _ruled(cells, [width / 2] * 2) + and_more(len(weaknesses) - rows)


def _listed(texts: Iterable[str], count: int, rows: int, width: float, mark: str = "") -> list[Flowable]:
    cells = [
        [text(mark or number, style("SheetBold", textColor=ACCENT)), text(words)]
        for number, words in enumerate(texts, start=1)
        if number <= rows
    ]
    return _ruled(cells, [8 * mm, width - 8 * mm]) + and_more(count - rows)


def _results(page: Experience, rows: int, width: float) -> list[Flowable]:
    drawn, told = [], []
    for indicator, values in page.indicator_series():
        unit = f" ({indicator.unit})" if indicator.unit else ""
        name, last = f"{indicator.get_indicator_display()}{unit}", values[-1]
        chart = line_chart([(row.year, row.value) for row in values])
        source = text(f"{_('Source :')} {last.source}", style(size=7, textColor=MUTE))
        if chart and len(drawn) < CHARTS:
            drawn.append([text(name, style("SheetBold")), _drawing(chart), source])
        else:
            told.append([text(name, style("SheetBold")), text(f"{figure(last.value)} ({last.year})"), source])
    flowables: list[Flowable] = []
    if drawn:
        table = Table([drawn + [[]] * (CHARTS - len(drawn))], colWidths=[width / CHARTS] * CHARTS)
        table.setStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), *_padding(left=0)])
        flowables.append(table)
    told_rows = _ruled(told[:rows], [width * 0.35, width * 0.2, width * 0.45])
    return flowables + told_rows + and_more(len(told) - rows)


def _ruled(cells: list[list[Any]], widths: list[float]) -> list[Flowable]:
    if not cells:
        return []
    table = Table(cells, colWidths=widths)
    rule = ("LINEBELOW", (0, 0), (-1, -2), 0.5, LINE)
    table.setStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), rule, *_padding(left=0, top=2, bottom=2.5)])
    return [table]


def _padding(left: float = 6, top: float = 0, bottom: float = 0) -> list[tuple]:
    sides = {"LEFT": left, "RIGHT": 6, "TOP": top, "BOTTOM": bottom}
    return [(f"{side}PADDING", (0, 0), (-1, -1), value) for side, value in sides.items()]


# --- Drawings ---------------------------------------------------------------------------------------------------------


def _drawing(chart: LineChart) -> Drawing:
    """Return the same chart as on the page, in the colours of paper."""
    scale = CHART_WIDTH / WIDTH
    drawing = Drawing(CHART_WIDTH, HEIGHT * scale)
    drawing.transform = (scale, 0, 0, -scale, 0, HEIGHT * scale)  # the page counts from above, paper from below
    for y, value in chart.grid:
        drawing.add(Line(chart.axis, y, chart.edge, y, strokeColor=LINE))
        _word(drawing, chart.axis - 8, y + 5, figure_short(value), "end")
    for x, year in chart.ticks:
        _word(drawing, x, 212, str(year))
    for gap in chart.gaps:
        start, end = gap.start, gap.end
        drawing.add(Line(start.x, start.y, end.x, end.y, strokeColor=MUTE, strokeDashArray=(4, 4)))
        _word(drawing, *gap.middle, _("n. d."))
    for line in chart.lines:
        drawing.add(PolyLine([int(n) for n in line.replace(",", " ").split()], strokeColor=ACCENT, strokeWidth=2.5))
    for point in chart.points:
        drawing.add(Circle(point.x, point.y, 5 if point.named else 3, fillColor=ACCENT, strokeColor=None))
        if point.named:
            _word(drawing, point.x, point.y - 11, figure_short(point.value), bold=True)
    return drawing


def _word(drawing: Drawing, x: float, y: float, words: str, anchor: str = "middle", bold: bool = False) -> None:
    font, colour = ("SheetBold", INK) if bold else ("Sheet", MUTE)
    word = String(0, 0, words, fontName=font, fontSize=14, fillColor=colour, textAnchor=anchor)
    group = Drawing(0, 0)
    group.transform = (1, 0, 0, -1, x, y)  # upright in a drawing that is turned over
    group.add(word)
    drawing.add(group)


def _qr(address: str) -> Drawing:
    """Return the QR code of an address."""
    rows = [list(row) for row in segno.make(address, error="m", micro=False).matrix]
    module = QR / len(rows)
    drawing = Drawing(QR, QR, hAlign="RIGHT")
    for number, row in enumerate(rows):
        for column, dark in enumerate(row):
            if dark:
                x, y = column * module, QR - (number + 1) * module
                drawing.add(Rect(x, y, module, module, fillColor=INK, strokeColor=None))
    return drawing


def _foot(canvas: Any, document: BaseDocTemplate, *, words: str) -> None:
    """Draw what stands at the foot of each page: whose it is, under which licence, as of when, where the rest is."""
    canvas.setFont("Sheet", 7)
    canvas.setFillColor(MUTE)
    canvas.drawString(MARGIN, MARGIN, words)
    canvas.drawRightString(A4[0] - MARGIN, MARGIN, str(document.page))

"""What a chapter of a study is made of: texts, tables, figures, charts, and notes to which the text points as [1]."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.images.blocks import ImageChooserBlock

from experiences.experience import PROSE
from knowledge.charts import LineChart, line_chart

YEAR_LIMITS = {"min_value": 1900, "max_value": 2100}
# What chapter.html shows of a picture: made at publication, since the first view of a new size costs seconds.
PICTURE = [f"format-{form}|width-{width}" for form in ("avif", "webp", "jpeg") for width in (400, 800)]
# A pointer to a note of the chapter: "[2]".
POINTER = re.compile(r"\[(\d{1,3})\]")
TAG = re.compile(r"(<[^>]*>)")


class FigureBlock(blocks.StructBlock):
    """A picture with its caption; what it shows, for who does not see it, is kept with the image."""

    image = ImageChooserBlock(label=_("Image"))
    caption = blocks.CharBlock(label=_("Légende"))
    source = blocks.CharBlock(label=_("Source"), required=False)

    class Meta:
        label = _("Figure")
        icon = "image"


class YearValueBlock(blocks.StructBlock):
    """A value in a year."""

    year = blocks.IntegerBlock(label=_("Année"), **YEAR_LIMITS)
    value = blocks.DecimalBlock(label=_("Valeur"), max_digits=18, decimal_places=4)


class ChartValue(blocks.StructValue):
    """The values of a chart, and what is drawn of them."""

    @cached_property
    def rows(self) -> list[Any]:
        """The values, oldest first."""
        return sorted(self["values"], key=lambda row: row["year"])

    @cached_property
    def chart(self) -> LineChart | None:
        """The line; None where fewer than two years make none."""
        return line_chart([(row["year"], row["value"]) for row in self.rows])


class ChartBlock(blocks.StructBlock):
    """Values by year, drawn as a line with its table."""

    title = blocks.CharBlock(label=_("Titre"))
    unit = blocks.CharBlock(label=_("Unité"), required=False)
    values = blocks.ListBlock(YearValueBlock(), label=_("Valeurs"), min_num=1)
    source = blocks.CharBlock(label=_("Source"))

    class Meta:
        label = _("Graphique")
        icon = "order"
        value_class = ChartValue

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        years = [row["year"] for row in cleaned["values"]]
        if len(set(years)) < len(years):
            raise blocks.StructBlockValidationError(
                block_errors={"values": ValidationError(gettext("Chaque année n’a qu’une valeur."))}
            )
        return cleaned


class ContentBlock(blocks.StreamBlock):
    """What stands in a chapter, in the author's order."""

    paragraph = blocks.RichTextBlock(label=_("Texte"), features=["h3", "h4", *PROSE], required=False)
    table = TableBlock(label=_("Tableau"), required=False)
    figure = FigureBlock()
    chart = ChartBlock()
    quote = blocks.BlockQuoteBlock(label=_("Citation"), required=False)

    class Meta:
        required = False


class ChapterBlock(blocks.StructBlock):
    """A chapter: its title, its content, its notes."""

    title = blocks.CharBlock(label=_("Titre du chapitre"), required=False)
    content = ContentBlock(label=_("Contenu"), required=False)
    notes = blocks.ListBlock(
        blocks.TextBlock(label=_("note"), rows=2),
        label=_("Notes"),
        default=[],
        help_text=_("Le texte y renvoie par leur numéro entre crochets : [1], [2]."),
    )

    class Meta:
        label = _("chapitre")
        icon = "doc-full"


def make_renditions(body: blocks.StreamValue) -> None:
    """Make the pictures of a study's chapters in the sizes in which they are shown."""
    for chapter in body:
        for block in chapter.value["content"]:
            if block.block_type == "figure" and block.value["image"]:
                block.value["image"].get_renditions(*PICTURE)


def point_to_notes(html: str, count: int) -> SafeString:
    """Return safe HTML in which each [n] between its tags leads to note n, where there are that many; others stay as they are.

    The first pointer to a note is where the note leads back to.
    """
    seen: set[int] = set()

    def link(match: re.Match[str]) -> str:
        number = int(match[1])
        if not 1 <= number <= count:
            return match[0]
        place = "" if number in seen else format_html(' id="mark-{}"', number)
        seen.add(number)
        return format_html('<sup><a href="#note-{}"{}>{}</a></sup>', number, place, number)

    parts = TAG.split(html)
    return mark_safe("".join(part if TAG.match(part) else POINTER.sub(link, part) for part in parts))  # noqa: S308

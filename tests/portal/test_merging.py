"""The merge of two contents that started from the same: no text is lost, and nothing is decided that a person must decide."""

from __future__ import annotations

import pytest

from portal.merging import Conflict, merge

TABLES = ["lessons", "choices"]
FIELDS = ["title_fr", "title_en", "description_fr"]


def content(title_fr="A", title_en="", description_fr="", lessons=(), choices=(), path="0001"):
    return {
        "path": path,
        "title_fr": title_fr,
        "title_en": title_en,
        "description_fr": description_fr,
        "lessons": [dict(row) for row in lessons],
        "choices": [{"pk": None, "page": 1, "code": code} for code in choices],
    }


def lessons(*texts, keys=None):
    keys = keys or [None] * len(texts)
    return [
        {"pk": key, "page": 1, "sort_order": order, "text_fr": text}
        for order, (key, text) in enumerate(zip(keys, texts, strict=True))
    ]


def put_together(base, theirs, mine):
    return merge(base, theirs, mine, fields=FIELDS, tables=TABLES)


def said(merged):
    return [row["text_fr"] for row in merged.content["lessons"]]


def test_each_changed_another_field():
    merged = put_together(content(), content(title_en="B"), content(title_fr="C"))
    assert (merged.content["title_fr"], merged.content["title_en"]) == ("C", "B")
    assert not merged.conflicts


def test_both_wrote_the_same():
    merged = put_together(content(), content(title_fr="B"), content(title_fr="B"))
    assert merged.content["title_fr"] == "B" and not merged.conflicts


def test_both_changed_the_same_field_differently():
    merged = put_together(content(), content(title_fr="B"), content(title_fr="C"))
    assert merged.conflicts == [Conflict("title_fr", "B", "C")]
    assert merged.content["title_fr"] == "C"


def test_what_a_form_changes_by_itself_is_no_change():
    base = content(description_fr="<p>A</p>\n<p>B</p>", title_en=None)
    mine = content(description_fr='<p data-block-key="x1">A</p>\r\n<p data-block-key="x2">B</p>', title_en="")
    merged = put_together(base, content(description_fr="<p>C</p>", title_en="D"), mine)
    assert (merged.content["description_fr"], merged.content["title_en"]) == ("<p>C</p>", "D")
    assert not merged.conflicts


def test_what_is_no_field_of_the_form_is_theirs():
    assert put_together(content(), content(path="0002"), content(path="0001")).content["path"] == "0002"


def test_without_a_base_every_difference_is_a_conflict():
    merged = put_together(
        None, content(title_fr="B", lessons=lessons("x")), content(title_fr="A", lessons=lessons("y"))
    )
    assert [(conflict.field, conflict.table) for conflict in merged.conflicts] == [("title_fr", ""), ("", "lessons")]


def test_rows_with_keys_are_changed_added_and_deleted_each_for_themselves():
    base = lessons("a", "b", "c", keys=[1, 2, 3])
    theirs = lessons("a", "B", "c", "d", keys=[1, 2, 3, 4])
    mine = lessons("a2", "b", "mine", keys=[1, 2, None])
    merged = put_together(content(lessons=base), content(lessons=theirs), content(lessons=mine))
    assert said(merged) == ["a2", "B", "d", "mine"]
    assert [row["sort_order"] for row in merged.content["lessons"]] == [0, 1, 2, 3]
    assert not merged.conflicts


def test_a_row_that_they_deleted_and_i_changed_is_kept_and_shown():
    base, theirs = lessons("a", "b", keys=[1, 2]), lessons("a", keys=[1])
    merged = put_together(
        content(lessons=base), content(lessons=theirs), content(lessons=lessons("a", "b2", keys=[1, 2]))
    )
    assert said(merged) == ["a", "b2"] and merged.content["lessons"][1]["pk"] is None
    assert [conflict.table for conflict in merged.conflicts] == ["lessons"]


def test_a_row_that_i_deleted_and_they_changed_is_shown():
    base, mine = lessons("a", "b", keys=[1, 2]), lessons("a", keys=[1])
    merged = put_together(
        content(lessons=base), content(lessons=lessons("a", "b2", keys=[1, 2])), content(lessons=mine)
    )
    assert [conflict.theirs[0]["text_fr"] for conflict in merged.conflicts] == ["b2"]


def test_rows_without_keys_are_compared_by_their_place():
    merged = put_together(
        content(lessons=lessons("a", "b")),
        content(lessons=lessons("a", "B", "theirs")),
        content(lessons=lessons("A", "b", "mine")),
    )
    assert said(merged) == ["A", "B", "theirs", "mine"] and not merged.conflicts


def test_rows_without_keys_of_which_one_was_deleted_are_compared_as_a_whole():
    base, shorter = content(lessons=lessons("a", "b")), content(lessons=lessons("b"))
    assert said(put_together(base, base, shorter)) == ["b"]
    assert said(put_together(base, shorter, base)) == ["b"]
    merged = put_together(base, shorter, content(lessons=lessons("a", "c")))
    assert said(merged) == ["a", "c"] and [conflict.table for conflict in merged.conflicts] == ["lessons"]


def test_choices_that_one_added_and_the_other_took_away_are_put_together():
    merged = put_together(content(choices="ab"), content(choices="abc"), content(choices="bd"))
    assert sorted(row["code"] for row in merged.content["choices"]) == ["b", "c", "d"]
    assert not merged.conflicts


def test_rows_that_only_took_another_number_are_no_conflict():
    base = content(lessons=lessons("A", "B", "C", keys=[1, 2, 3]))
    theirs = content(lessons=lessons("New", "A", "B", "C", keys=[None, 1, 2, 3]))
    mine = content(lessons=lessons("B", "C", keys=[2, 3]))
    merged = put_together(base, theirs, mine)
    assert merged.conflicts == []
    assert said(merged) == ["New", "B", "C"]


@pytest.mark.parametrize("texts", [("B", "A"), ("New", "A", "B"), ("B", "New")])
def test_rows_without_keys_that_changed_places_are_never_mixed(texts):
    theirs, mine = lessons(*texts), lessons("A", "B, changed")
    merged = put_together(content(lessons=lessons("A", "B")), content(lessons=theirs), content(lessons=mine))
    assert said(merged) == ["A", "B, changed"]
    assert [(conflict.table, conflict.row) for conflict in merged.conflicts] == [("lessons", 0)]
    assert [row["text_fr"] for row in merged.conflicts[0].theirs] == list(texts)

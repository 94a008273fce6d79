"""Marks in a text the words for which it was found, and cuts the passage that says most of them: the same for every engine.

A text is read as pieces between blanks, of which it is remembered what finds them: most are not looked at any closer.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from html import escape
from itertools import chain, compress, count, islice, pairwise, takewhile
from operator import not_
from typing import NamedTuple

from search.analysis import Token, Word, found_by, label_forms, prepare, tidy, tokens, word_forms, words_in
from search.engines.base import MAX_WORDS, PASSAGE, Passage, Query, TextName

#: The texts that say most, and those that are looked at where they say nothing.
FIRST: tuple[TextName, ...] = ("summary", "body")
THEN: tuple[TextName, ...] = ("files", "title")

#: Places of one text among which the best passage is looked for.
PLACES = 500

#: Characters shown before the first place: from the beginning of its sentence if that is so near, or else fewer.
SENTENCE = 120
BEFORE = 60

_ENDING = (".", "!", "?", "…", "\n")
_CLOSING = "»”’\"')]\u00a0\u202f"

#: A label, as the forms of its words.
LabelForms = tuple[frozenset[str], ...]


class _Asked(NamedTuple):
    """What is asked of texts in one language: how many words; by their forms these, and labels by those of their first word.

    Each has a number: two forms of one word say nothing more than one.
    """

    number: int
    words: Mapping[str, int]
    labels: Mapping[str, Sequence[tuple[int, LabelForms]]]
    forms: frozenset[str]


class _Place(NamedTuple):
    """Where a word or a label stands: its pieces, first and last, where the first begins, its characters in the text, and the
    number of what is said.
    """

    first: int
    last: int
    begin: int
    start: int
    end: int
    said: int


class Highlighter:
    """The words and labels of one query, ready to be found in texts of any language."""

    def __init__(self, query: Query) -> None:
        self._query = query
        self._asked: dict[str, _Asked] = {}

    def mark(self, text: str, language: str) -> str | None:
        """``text`` escaped and marked, or None where nothing of the query stands in it."""
        text = tidy(text)
        spans = [(place.start, place.end) for place in self._places(text.split(" "), language)]
        return _marked(text, spans) if spans else None

    def passage(self, texts: Mapping[str, Mapping[str, str]]) -> Passage | None:
        """The best passage of the first language that has one, the visitor's first.

        ``texts`` are those that an index keeps, by language and name.
        """
        for language in sorted(texts, key=lambda code: code != self._query.language):
            passage = self._passage(texts[language], language)
            if passage is not None:
                return passage
        return None

    def _passage(self, texts: Mapping[str, str], language: str) -> Passage | None:
        """The summary where it says as much as was asked, otherwise the body if that says more; then a file, then the title."""
        best: Passage | None = None
        most = 0
        for name in FIRST:
            html, said = self._cut(texts.get(name, ""), language)
            if said > most:
                best, most = Passage(language, name, html), said
            if best and most >= self._length:
                break
        others = ((name, self._cut(texts.get(name, ""), language)) for name in THEN)
        return best or next((Passage(language, name, html) for name, (html, said) in others if said), None)

    @cached_property
    def _length(self) -> int:
        """The characters of the words asked: a passage that marks as many says enough."""
        return sum(token.end - token.start for token in content_tokens(self._query, self._query.language))

    def _cut(self, text: str, language: str) -> tuple[str, int]:
        """The part of ``text`` that says most of what was asked, marked, and the characters marked in it."""
        if not text:
            return "", 0
        # The end of a line is one of a sentence too.
        pieces = text.replace("\n", "\n ").split(" ")
        places = islice(self._places(pieces, language), PLACES)
        read: list[_Place] = []
        best = _closest(places, self._asked_in(language).number, read)
        if not best:
            return "", 0
        first, last, begin = _around(best, pieces)
        part = " ".join(pieces[first:last])
        before, after = first > 0 and not _ends(pieces[first - 1]), last < len(pieces) and not _ends(pieces[last - 1])
        if len(part) > 2 * PASSAGE:  # a piece of hundreds of letters
            skipped = max(0, best[0].start - begin - BEFORE)
            before, after = before or skipped > 0, after or skipped + PASSAGE < len(part)
            part, begin = part[skipped : skipped + PASSAGE], begin + skipped
        read += takewhile(lambda place: place.first < last, places)
        whole = (
            (place.start - begin, place.end - begin) for place in read if first <= place.first and place.last < last
        )
        spans = [(max(0, start), min(end, len(part))) for start, end in whole if start < len(part) and end > 0]
        html = _marked(part, spans)
        return f"{'… ' * before}{html}{' …' * after}", sum(end - start for start, end in spans)

    def _places(self, pieces: Sequence[str], language: str) -> Iterator[_Place]:
        """Where the words asked stand, and labels of what they mean where all their words stand together, in their order."""
        asked = self._asked_in(language)
        begin = before = 0
        for at in compress(count(), map(not_, map(asked.forms.isdisjoint, found_by(pieces, language)))):
            begin += sum(map(len, pieces[before:at])) + at - before
            before = at
            words = words_in(pieces[at], language)
            for number, word in enumerate(words):
                known = asked.forms & word.forms
                if said := {asked.words[form] for form in known if form in asked.words}:
                    yield _Place(at, at, begin, begin + word.start, begin + word.end, min(said))
                for labels in filter(None, map(asked.labels.get, known)):
                    longest = max(len(label) for _number, label in labels)
                    here = [(at, begin, found) for found in words[number : number + longest]]
                    yield from _of_labels(labels, islice(chain(here, _following(pieces, at, begin, language)), longest))

    def _asked_in(self, language: str) -> _Asked:
        if language not in self._asked:
            self._asked[language] = self._read(language)
        return self._asked[language]

    def _read(self, language: str) -> _Asked:
        query, prepared = self._query, prepare(self._query.words)
        typed = [prepared[token.start : token.end] for token in content_tokens(query, language)]
        numbered = count()
        words = {
            form: number for word, number in zip(typed, numbered, strict=False) for form in word_forms(word, language)
        }
        for correction in query.corrections:
            number = next(numbered)
            words |= {form: number for forms in label_forms(correction.replacement, language) for form in forms}
        labels: dict[str, list[tuple[int, LabelForms]]] = {}
        named = (label_forms(label.text, language) for label in query.labels if label.language == language)
        for label in filter(None, dict.fromkeys(named)):
            number = next(numbered)
            for form in label[0]:
                labels.setdefault(form, []).append((number, label))
        return _Asked(len(typed), words, labels, frozenset(words) | labels.keys())


def _following(pieces: Sequence[str], at: int, begin: int, language: str) -> Iterator[tuple[int, int, Word]]:
    """The words after the piece ``at``, which begins at ``begin``: each with its piece and where that begins."""
    for number in range(at + 1, len(pieces)):
        begin += len(pieces[number - 1]) + 1
        for word in words_in(pieces[number], language):
            yield number, begin, word


def _of_labels(labels: Sequence[tuple[int, LabelForms]], words: Iterable[tuple[int, int, Word]]) -> Iterator[_Place]:
    """The places of those ``labels`` that ``words`` say, each with its piece and where that begins."""
    said = list(words)
    for number, label in labels:
        if len(label) <= len(said) and all(
            forms & word.forms for forms, (_, _, word) in zip(label, said, strict=False)
        ):
            (first, begin, word), (last, last_begin, last_word) = said[0], said[len(label) - 1]
            yield _Place(first, last, begin, begin + word.start, last_begin + last_word.end, number)


def _closest(places: Iterable[_Place], enough: int, read: list[_Place]) -> Sequence[_Place]:
    """Those places that fit into one passage and say most: different words first, then many; the first that say ``enough``.

    What was looked at is put into ``read``.
    """
    near: deque[_Place] = deque()
    best: Sequence[_Place] = ()
    most = (0, 0)
    for place in places:
        read.append(place)
        near.append(place)
        while place.end - near[0].start > PASSAGE - BEFORE and len(near) > 1:
            near.popleft()
        said = (len({known.said for known in near}), len(near))
        if said > most:
            best, most = tuple(near), said
            if said[0] >= enough:
                break
    return best


def _around(places: Sequence[_Place], pieces: Sequence[str]) -> tuple[int, int, int]:
    """The passage around ``places``: its first piece, the one after its last, and where it begins."""
    first, last = places[0].first, max(place.last for place in places) + 1
    length = len(" ".join(pieces[first:last]))
    lead = before = 0
    start = first
    for at in range(first, -1, -1):
        if at == 0 or _ends(pieces[at - 1]):
            start, lead = at, before
            break
        before += len(pieces[at - 1]) + 1
        if before > min(PASSAGE - length, SENTENCE):
            break
        if before <= BEFORE:
            start, lead = at - 1, before
    length += lead
    while last < len(pieces) and length + len(pieces[last]) < PASSAGE:
        length += len(pieces[last]) + 1
        last += 1
    return start, last, places[0].begin - lead


def _ends(piece: str) -> bool:
    """Whether a sentence or a line ends with ``piece``."""
    return piece.rstrip(_CLOSING).endswith(_ENDING)


def content_tokens(query: Query, language: str, *, exact: bool = False) -> list[Token]:
    """The words of the query in ``language``, without what is a stop word where the visitor writes.

    A query of stop words only is left to the other languages: « on » is a word somewhere.
    """
    return list(_content(query.words[: MAX_WORDS * 40], language, query.language, exact))


@lru_cache(maxsize=1_000)
def _content(words: str, language: str, own: str, exact: bool) -> tuple[Token, ...]:
    """The same; one search asks for it ten times over, for its parts, its counts and its passages."""
    found = tokens(words, language, exact=exact)
    if language != own:
        kept = {t.start for t in tokens(words, own, exact=True)}
        found = [t for t in found if t.start in kept] if kept else found
    return tuple(found[:MAX_WORDS])


def _marked(text: str, spans: list[tuple[int, int]]) -> str:
    """Escape ``text`` and put ``<mark>`` around ``spans``; what only a blank or a hyphen parts is one mark."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and (start <= joined[-1][1] or text[joined[-1][1] : start] in (" ", "-", "\u00a0", "’", "'")):
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    edges = [0, *(edge for span in joined for edge in span), len(text)]
    parts = [escape(text[a:b]) for a, b in pairwise(edges)]
    return "".join(f"<mark>{part}</mark>" if i % 2 else part for i, part in enumerate(parts))

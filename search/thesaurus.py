"""The thesaurus as search reads it: which concepts a text names, in any language, and what else they are called."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, product
from typing import Any

from search.analysis import fold, is_acronym, label_forms, label_tokens, normalise, stems, tokens, written_acronyms
from search.engines.base import Label, Texts

#: Labels that are marked for one query, and narrower concepts that it looks for; a top concept has hundreds below it.
MAX_LABELS = 120
MAX_NARROWER = 60

#: Where the concepts are that a run of words names, among the words that may follow.
_ENDS = ""

# What may be an acronym in a question, however it is typed; AT/MP and its parts are looked up.
_LETTERS = re.compile(r"[^\W\d_]+(?:[/&-][^\W\d_]+)*")
_PART = re.compile(r"[^/-]+")


@dataclass(frozen=True, slots=True)
class Term:
    """A concept: its labels by language, the preferred one first in each."""

    slug: str
    labels: Mapping[str, tuple[str, ...]]
    broader: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """A concept named by the characters ``start`` to ``end`` of a text."""

    slug: str
    start: int
    end: int
    acronym: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """A label of several words: as they are written, folded, and as they are searched."""

    written: tuple[str, ...]
    words: tuple[str, ...]
    stems: tuple[str, ...]


@dataclass(slots=True)
class _Labels:
    """Analysed labels of one language."""

    #: The first words of labels, each with those that may follow it, in either spelling.
    tree: dict[str, Any] = field(default_factory=dict)
    acronyms: dict[str, dict[str, None]] = field(default_factory=dict)
    #: Where each word stands in labels of several words.
    phrases: dict[str, list[tuple[Phrase, int]]] = field(default_factory=dict)

    def runs(self, words: Sequence[str], at: int) -> Iterator[tuple[int, Iterable[str]]]:
        """The labels that begin with the word at ``at``: how many words each has, and the concepts that it names."""
        node = self.tree.get(words[at])
        size = 1
        while node is not None:
            if _ENDS in node:
                yield size, node[_ENDS]
            node = node.get(words[at + size]) if at + size < len(words) else None
            size += 1

    def acronyms_in(self, written: str) -> Iterator[tuple[str, int, Iterable[str]]]:
        """What is an acronym, or else its parts: how each is written, where, and the concepts that it names."""
        whole = written.lower()
        if whole in self.acronyms:
            yield written, 0, self.acronyms[whole]
            return
        for part in _PART.finditer(written):
            if part[0].lower() in self.acronyms:
                yield part[0], part.start(), self.acronyms[part[0].lower()]


class Thesaurus:
    """Looks up concepts; built once from plain data and then only read."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self._terms = {term.slug: term for term in terms}
        self._narrower: dict[str, list[str]] = {}
        self._labels: dict[str, _Labels] = {}
        self._written: dict[str, str] = {}
        for term in self._terms.values():
            if term.broader in self._terms:
                self._narrower.setdefault(term.broader, []).append(term.slug)
            for language, labels in term.labels.items():
                for label in labels:
                    self._learn(term.slug, language, label)
        #: The words of all labels, folded.
        self.folded = list(self._written)
        #: The languages that it has labels in.
        self.languages = frozenset(self._labels)

    def matches(self, text: str, language: str) -> list[Match]:
        """Concepts that ``text`` names: the longest labels, the visitor's language before others."""
        text = normalise(text)
        order = [language, *(code for code in self._labels if code != language)]
        content = {t.start for t in tokens(text, language, exact=True)}
        found: list[tuple[int, int, Match]] = []
        for rank, code in enumerate(code for code in order if code in self._labels):
            found += [(match.start - match.end, rank, match) for match in self._in_language(text, code, content)]
        chosen: list[Match] = []
        kept: set[tuple[str, int, int]] = set()
        taken: list[tuple[int, int, int]] = []
        for _length, rank, match in sorted(found, key=lambda entry: entry[:2]):
            span = (match.start, match.end)
            clash = any(a < match.end and match.start < b and (a, b, r) != (*span, rank) for a, b, r in taken)
            if clash or (match.slug, *span) in kept:
                continue
            taken.append((*span, rank))
            kept.add((match.slug, *span))
            chosen.append(match)
        return sorted(chosen, key=lambda match: (match.start, match.slug))

    def named(self, texts: Texts, language: str) -> tuple[str, ...]:
        """The concepts that ``texts`` name in labels of their language, each as often as they do.

        The title counts twice, as its words do; what only a file names counts once. A label within a longer one is named too.
        """
        if language not in self._labels:
            return ()
        parts = (texts.title, texts.summary, texts.body, texts.keywords)
        title, *others = [list(self._named(part, language)) if part else [] for part in parts]
        found = [*title, *title, *chain.from_iterable(others)]
        in_files = set(self._named(texts.files, language)) if texts.files else set()
        return (*found, *sorted(in_files.difference(found)))

    def narrower(self, slugs: Iterable[str]) -> tuple[str, ...]:
        """The concepts right below those of ``slugs`` that are none of them."""
        known = dict.fromkeys(slugs)
        below = (narrower for slug in known for narrower in self._narrower.get(slug, ()) if narrower not in known)
        return tuple(dict.fromkeys(below))[:MAX_NARROWER]

    def labels(self, slugs: Iterable[str], narrower: Iterable[str], text: str) -> tuple[Label, ...]:
        """All labels of some concepts, then the first of those ``narrower``, without what ``text`` already says.

        A label whose words are those of another says nothing more (« cotisations » after « cotisation »).
        """
        known = [
            (language, label)
            for slug in slugs
            for language, labels in self._terms[slug].labels.items()
            for label in labels
        ]
        for slug in narrower:
            first = ((language, labels[0]) for language, labels in self._terms[slug].labels.items())
            known += [(language, label) for language, label in first if not is_acronym(label)]
        said = fold(text)
        found: dict[tuple[str, tuple[str, ...]], Label] = {}
        for language, label in known:
            if fold(label) != said:
                words = label_tokens(label, language, exact=is_acronym(label))
                found.setdefault((language, tuple(token.text for token in words)), Label(language, label))
        return tuple(found.values())[:MAX_LABELS]

    def preferred(self, slug: str, language: str) -> str:
        """The first label of a concept in a language, or nothing."""
        labels = self._terms[slug].labels.get(language, ()) if slug in self._terms else ()
        return labels[0] if labels else ""

    def branches(self) -> dict[str, list[str]]:
        """The concepts without a broader one, each with all that stand below it."""
        tops = [slug for slug, term in self._terms.items() if term.broader not in self._terms]
        return {top: self._below(top) for top in tops}

    def _below(self, slug: str) -> list[str]:
        return [found for narrower in self._narrower.get(slug, ()) for found in (narrower, *self._below(narrower))]

    def words(self) -> Mapping[str, str]:
        """Folded words of all labels and how they are written: they are spelt right even where no item uses them."""
        return self._written

    def phrases(self, word: str, language: str) -> list[tuple[Phrase, int]]:
        """The labels of several words that hold ``word`` (folded), and at which place."""
        return self._labels[language].phrases.get(word, []) if language in self._labels else []

    def _learn(self, slug: str, language: str, label: str) -> None:
        known = self._labels.setdefault(language, _Labels())
        exact = tokens(label, language, exact=True)
        written = tuple(normalise(label)[token.start : token.end].lower() for token in exact)
        for token, word in zip(exact, written, strict=True):
            self._written.setdefault(token.text, word)
        if is_acronym(label):
            known.acronyms.setdefault(normalise(label).lower(), {})[slug] = None
            return
        words = tuple(token.text for token in tokens(label, language))
        for run in product(*label_forms(label, language)) if words else ():
            node = known.tree
            for word in run:
                node = node.setdefault(word, {})
            node.setdefault(_ENDS, {})[slug] = None
        if len(words) > 1:
            phrase = Phrase(written, tuple(token.text for token in exact), words)
            for place, word in enumerate(phrase.words):
                known.phrases.setdefault(word, []).append((phrase, place))

    def _named(self, text: str, language: str) -> Iterator[str]:
        """The concepts that a text of ``language`` names, as often as it does."""
        labels = self._labels[language]
        words = stems(text, language)
        for at, word in enumerate(words):
            if word in labels.tree:  # most words begin no label
                for _size, slugs in labels.runs(words, at):
                    yield from slugs
        for written in written_acronyms(text) if labels.acronyms else ():
            for _written, _start, slugs in labels.acronyms_in(written):
                yield from slugs

    def _in_language(self, text: str, language: str, content: set[int]) -> list[Match]:
        """Matches of one language. Stop words of the visitor’s make none, whatever they mean there: « par » is no « paro »."""
        labels = self._labels[language]
        found = self._acronyms(text, labels, content)
        words = tokens(text, language)
        texts = [token.text for token in words]
        at = 0
        while at < len(words):
            longest = 0
            for size, slugs in labels.runs(texts, at):
                if any(token.start in content for token in words[at : at + size]):
                    longest, meant = size, slugs
            if longest:
                start, end = words[at].start, words[at + longest - 1].end
                found += [Match(slug, start, end) for slug in sorted(meant)]
            at += longest or 1
        return found

    @staticmethod
    def _acronyms(text: str, labels: _Labels, content: set[int]) -> list[Match]:
        """Whole words, accents included: « más » is no MAS; a stop word of the visitor’s counts only in capitals."""
        found = []
        for letters in _LETTERS.finditer(text):
            for written, place, slugs in labels.acronyms_in(letters[0]):
                start = letters.start() + place
                if written.isupper() or start in content:
                    found += [Match(slug, start, start + len(written), acronym=True) for slug in sorted(slugs)]
        return found

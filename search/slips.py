"""Terms of the thesaurus behind slips of the keyboard in several of their words: « tier payan » means « tiers payant ».

A word alone is corrected where nothing knows it. Within a term more may be read: its other words say what is meant, so
that a word that happens to exist may be wrong too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from search.analysis import Token, fold, normalise, tokens
from search.engines.base import Correction
from search.spelling import longest_distance
from search.thesaurus import Phrase, Thesaurus


@dataclass(frozen=True, slots=True)
class _Reading:
    """A term that a part of the text may mean: which words are wrong, and how wrong they are together."""

    phrase: Phrase
    first: int
    slips: tuple[tuple[int, int], ...]
    distance: int

    @property
    def words(self) -> range:
        return range(self.first, self.first + len(self.phrase.words))


def nearby(word: str, thesaurus: Thesaurus) -> list[tuple[str, int]]:
    """Folded words of the thesaurus few letters away from ``word``, with their distance."""
    wanted = fold(word)
    found = process.extract(
        wanted, thesaurus.folded, scorer=OSA.distance, score_cutoff=longest_distance(wanted), limit=None
    )
    return [(match, int(distance)) for match, distance, _position in found]


def in_terms(
    text: str, language: str, *, doubtful: Collection[str], unknown: Collection[str], thesaurus: Thesaurus
) -> tuple[Correction, ...]:
    """Corrections that make a term of several words, the longest and nearest terms first.

    An ``unknown`` word may be as wrong as one that stands alone; one that is only ``doubtful`` (the index knows it, the
    thesaurus does not) lacks its last letter, or has one too many.
    """
    strange = {fold(word) for word in unknown}
    meant = {word: [match for match, _distance in nearby(word, thesaurus)] for word in strange}
    meant |= {word: _one_letter_more_or_less(word, thesaurus) for word in set(map(fold, doubtful)) - strange}
    meant = {word: matches for word, matches in meant.items() if matches}
    wanted = {match for matches in meant.values() for match in matches}
    text = normalise(text)
    found: dict[str, Correction] = {}
    for code in [language, *sorted(thesaurus.languages - {language})]:
        if not any(thesaurus.phrases(word, code) for word in wanted):
            continue
        words, stems = tokens(text, code, exact=True), tokens(text, code)
        taken: set[int] = set()
        readings = _readings(words, stems, code, meant, strange, thesaurus)
        for reading in sorted(readings, key=lambda reading: (-len(reading.words), reading.distance, reading.first)):
            if taken.isdisjoint(reading.words):
                taken.update(reading.words)
                for at, place in reading.slips:
                    typed = text[words[at].start : words[at].end]
                    found.setdefault(typed, Correction(typed, reading.phrase.written[place], code))
    return tuple(found.values())


def _readings(
    words: list[Token],
    stems: list[Token],
    language: str,
    meant: dict[str, list[str]],
    strange: Collection[str],
    thesaurus: Thesaurus,
) -> Iterator[_Reading]:
    for at, word in enumerate(words):
        for wanted in meant.get(word.text, ()):
            for phrase, place in thesaurus.phrases(wanted, language):
                reading = _aligned(phrase, at - place, words, stems, meant)
                if reading and _plausible(reading, words, strange):
                    yield reading


def _aligned(
    phrase: Phrase, first: int, words: list[Token], stems: list[Token], meant: dict[str, list[str]]
) -> _Reading | None:
    """The words from ``first`` on read as ``phrase``, where each of them is its word or may be meant to be."""
    if first < 0 or first + len(phrase.words) > len(words):
        return None
    slips, distance = [], 0
    for place, (wanted, stem) in enumerate(zip(phrase.words, phrase.stems, strict=True)):
        at = first + place
        if words[at].text == wanted or stems[at].text == stem:
            continue
        if wanted not in meant.get(words[at].text, ()):
            return None
        slips.append((at, place))
        distance += OSA.distance(words[at].text, wanted)
    return _Reading(phrase, first, tuple(slips), distance) if slips else None


def _plausible(reading: _Reading, words: list[Token], strange: Collection[str]) -> bool:
    """One word at least is right, or one is no word at all."""
    return len(reading.slips) < len(reading.words) or any(words[at].text in strange for at, _place in reading.slips)


def _one_letter_more_or_less(word: str, thesaurus: Thesaurus) -> list[str]:
    known = thesaurus.words()
    longer = (word + letter for letter in "abcdefghijklmnopqrstuvwxyz")
    return [near for near in (word[:-1], *longer) if near in known]

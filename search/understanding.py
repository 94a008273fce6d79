"""From what was typed to what is asked: cleaned words, corrections of spelling, and what the thesaurus adds.

Every engine is asked the same :class:`~search.engines.base.Query`; from the engine this module needs two look-ups only,
which words it knows and which are similar.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import partial

from search.analysis import fold, is_acronym, normalise, tokens
from search.engines.base import MAX_WORDS, Candidate, Correction, Engine, Query
from search.slips import in_terms, nearby
from search.spelling import SHORTEST
from search.thesaurus import Thesaurus

#: Characters that are read; views refuse longer queries long before.
MAX_LENGTH = 1_000

#: Words of one query that may be corrected; a longer text is no query with a slip of the keyboard.
MAX_CORRECTIONS = 6


@dataclass(frozen=True, slots=True)
class Understanding:
    """The query to put to the engine, and what to tell the visitor about it."""

    query: Query
    #: The words with the corrections in place, or nothing where nothing was corrected.
    suggestion: str = ""
    #: What the concepts that were searched as well are called: (language, preferred label).
    also: tuple[tuple[str, str], ...] = ()


def clean(text: str) -> str:
    """What was typed, in one form and on one line."""
    return re.sub(r"\s+", " ", normalise(text[:MAX_LENGTH])).strip()


def understand(query: Query, *, engine: Engine, thesaurus: Thesaurus, literal: bool = False) -> Understanding:
    """Correct and expand the words of ``query``; ``literal`` asks for the words as they are."""
    words = clean(query.words)
    query = replace(query, words=words)
    if literal or not words:
        return Understanding(query)
    corrections = correct(words, query, engine=engine, thesaurus=thesaurus)
    corrected = apply(words, corrections)
    matches = thesaurus.matches(corrected, query.language)
    concepts = tuple(dict.fromkeys(match.slug for match in matches))
    narrower = thesaurus.narrower(concepts)
    query = replace(
        query,
        corrections=corrections,
        whole_words=frozenset(fold(corrected[m.start : m.end]) for m in matches if m.acronym),
        concepts=concepts,
        narrower=narrower,
        labels=thesaurus.labels(concepts, narrower, words),
    )
    return Understanding(query, corrected if corrections else "", _also(query, thesaurus, corrected))


def correct(text: str, query: Query, *, engine: Engine, thesaurus: Thesaurus) -> tuple[Correction, ...]:
    """Corrections of the words that neither the index nor the thesaurus knows in any form."""
    language = query.language
    asked = [normalise(text)[t.start : t.end] for t in tokens(text, language, exact=True)[:MAX_WORDS]]
    doubtful = [word for word in dict.fromkeys(asked) if _may_be_wrong(word) and fold(word) not in thesaurus.words()]
    if not doubtful:
        return ()
    known = engine.known(doubtful, audience=query.audience)
    unknown = [word for word in doubtful if word not in known][:MAX_CORRECTIONS]
    found = {
        found.word: found for found in in_terms(text, language, doubtful=doubtful, unknown=unknown, thesaurus=thesaurus)
    }
    for word in unknown:
        if word in found:
            continue
        candidates = [
            *engine.similar(word, language=language, audience=query.audience),
            *(Candidate(thesaurus.words()[near], language, steps, 0) for near, steps in nearby(word, thesaurus)),
        ]
        if candidates:
            best = min(candidates, key=partial(_rank, language=language))
            found[word] = Correction(word, best.word, best.language)
    return tuple(found[word] for word in doubtful if word in found)


def _rank(candidate: Candidate, *, language: str) -> tuple:
    """Nearest first; then the visitor's language, the frequent."""
    return (candidate.distance, candidate.language != language, -candidate.frequency, candidate.word)


def apply(text: str, corrections: tuple[Correction, ...]) -> str:
    """``text`` with the corrections in place."""
    for correction in corrections:
        written = correction.replacement.upper() if correction.word.isupper() else correction.replacement
        text = written.join(re.split(rf"(?<!\w){re.escape(correction.word)}(?!\w)", text))
    return text


def _may_be_wrong(word: str) -> bool:
    return len(word) >= SHORTEST and word.isalpha() and not (is_acronym(word) and len(word) < 6)


def _also(query: Query, thesaurus: Thesaurus, text: str) -> tuple[tuple[str, str], ...]:
    said = fold(text)
    languages = [query.language, *sorted({label.language for label in query.labels} - {query.language})]
    labels = ((code, thesaurus.preferred(slug, code)) for slug in query.concepts for code in languages)
    shown: dict[str, tuple[str, str]] = {}  # « mutualismo » is said once, be it Spanish and Portuguese
    for code, label in labels:
        if label and fold(label) not in said:
            shown.setdefault(fold(label), (code, label))
    return tuple(shown.values())

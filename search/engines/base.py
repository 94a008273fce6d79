"""What the portal asks of a search engine, and the shapes that travel between the two.

Nothing outside ``search/engines/`` knows which engine runs. An engine is one module with one class that
satisfies :class:`Engine`; ``tests/search/test_engine_contract.py`` says what it must do.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, TypeVar

from search.analysis import MAX_TEXT, tidy

PUBLIC = "public"

#: The texts of which a passage may be one.
TextName = Literal["title", "summary", "body", "files"]

#: Facets that a document carries, in the order in which they are shown.
FACETS = ("kind", "country", "modality", "theme", "language", "status")

#: A list ends here on every engine; who needs more narrows the search or exports.
MAX_HITS = 10_000

#: Words of one query that are looked at; the rest of an absurd query is ignored.
MAX_WORDS = 64

#: Characters of a facet's value that are kept.
MAX_FACET_VALUE = 200

#: Values of one facet that are counted.
FACET_VALUES = 1_000

#: What an index holds of a document that names no concept, so that the mean over all is the same on every engine.
NO_NAMES = "-"

#: Words of files beyond this are searched but no passage is taken from them: cutting passages reads the whole text.
STORED_FILE_TEXT = 60_000

#: Characters of a passage, about.
PASSAGE = 220

#: The last year of what has none.
GOING_ON = 9999


class EngineUnavailable(Exception):
    """The engine cannot answer now; ``reason`` is one of :data:`REASONS` and carries no secret."""

    REASONS = ("missing", "outdated", "damaged", "busy", "unreachable")
    #: Those that a rebuild puts right.
    REBUILT = ("missing", "outdated", "damaged")

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason


_began: ContextVar[float | None] = ContextVar("search_question_began", default=None)


@contextmanager
def one_question() -> Iterator[None]:
    """All that is asked inside belongs to one question: somebody waits for the whole of it, not for each part."""
    began = _began.get()
    token = _began.set(time.monotonic() if began is None else began)
    try:
        yield
    finally:
        _began.reset(token)


def waited() -> float:
    """Seconds since the question began that this thread works for; nothing where there is none."""
    began = _began.get()
    return 0.0 if began is None else time.monotonic() - began


class DocumentRefused(Exception):
    """A document that an index cannot hold; only where nobody asked to be told which."""


#: Ids of documents that an index cannot hold, and why.
Refused = dict[str, str]

Made = TypeVar("Made")


def refuse(refused: Refused | None, identifier: str, reason: str) -> None:
    """Tell who asked that a document is refused."""
    if refused is None:
        raise DocumentRefused(f"{identifier}: {reason}")
    refused[identifier] = reason


def made(
    documents: Iterable[Document], make: Callable[[Document], Made], refused: Refused | None
) -> Iterator[tuple[Document, Made]]:
    """Each document with what ``make`` makes of it for an engine; what cannot be made is refused, and stops no other."""
    for document in documents:
        try:
            content = make(document)
        except Exception as error:  # noqa: BLE001  (whatever is wrong with it)
            refuse(refused, document.id, type(error).__name__)
        else:
            yield document, content


@dataclass(frozen=True, slots=True)
class Texts:
    """The words of an object in one language, as plain text.

    ``keywords`` (names of places, organisations, concepts …) are found but never shown as a passage. ``named`` are the
    concepts that all of it names, as often as they count (:meth:`search.thesaurus.Thesaurus.named`).
    """

    title: str = ""
    summary: str = ""
    body: str = ""
    files: str = ""
    keywords: str = ""
    named: tuple[str, ...] = ()


def names_in(document: Document, languages: Iterable[str]) -> str:
    """What an index holds of concepts, as words of one field: slugs have no blanks.

    Those that the texts of a document name in ``languages``, and those under which it was put.
    """
    texts = {code: document.texts[code] for code in languages if code in document.texts}
    names = [concept_term(slug, code) for code in texts for slug in texts[code].named]
    return " ".join([*names, *map(concept_term, document.facet("theme"))]) or NO_NAMES


def concept_term(concept: str, language: str = "") -> str:
    """A concept that the texts of a language name, or under which a document was put, as an index holds it."""
    return f"{language}:{concept}"


@dataclass(frozen=True, slots=True)
class Document:
    """One object of the portal, whatever the number of its languages.

    ``texts`` holds public languages only; ``languages`` are those in which the object is whole.
    ``audience`` holds permission terms: who has one of them may know that the object exists.
    ``version`` changes whenever anything of the document changes. Without ``last_year`` it is still going on; without
    both years no choice of years finds it.
    """

    id: str
    kind: str
    version: str
    date: datetime
    languages: tuple[str, ...] = ()
    texts: Mapping[str, Texts] = field(default_factory=dict)
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    first_year: int | None = None
    last_year: int | None = None
    audience: frozenset[str] = frozenset({PUBLIC})

    def facet(self, name: str) -> tuple[str, ...]:
        """The values under which the document is counted in the facet ``name``."""
        if name == "kind":
            return (self.kind,)
        return tuple(dict.fromkeys(self.languages if name == "language" else self.facets.get(name, ())))


def kept(document: Document, languages: Iterable[str]) -> dict[str, dict[str, str]]:
    """The texts of a document from which passages are cut, by language, the portal's order, and name."""
    found = {}
    for code in languages:
        if code in document.texts:
            texts = document.texts[code]
            files = texts.files[:STORED_FILE_TEXT]
            named = {"title": texts.title, "summary": texts.summary, "body": texts.body[:MAX_TEXT], "files": files}
            found[code] = {name: tidy(text) for name, text in named.items() if text}
    return found


@dataclass(frozen=True, slots=True)
class Label:
    """Another way to say what was asked, in one language: marked in passages, where its words stand together."""

    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Correction:
    """An unknown word of the query and the known word that is searched beside it."""

    word: str
    replacement: str
    language: str


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked, already understood: every engine reads the same structure.

    ``words`` are read in ``language`` first and in all others too. Without words it browses. ``whole_words`` are those
    (folded) that must not be stemmed: acronyms. ``concepts`` are those that the words name: what names them too is found,
    whatever its language, and what names one of the ``narrower``; both are called by ``labels``.
    Values of one filter are alternatives, filters of different names add up.
    """

    words: str = ""
    language: str = "fr"
    audience: frozenset[str] = frozenset({PUBLIC})
    filters: Mapping[str, frozenset[str]] = field(default_factory=dict)
    year_from: int | None = None
    year_to: int | None = None
    corrections: tuple[Correction, ...] = ()
    whole_words: frozenset[str] = frozenset()
    concepts: tuple[str, ...] = ()
    narrower: tuple[str, ...] = ()
    labels: tuple[Label, ...] = ()
    order: Literal["relevance", "date"] = "relevance"
    offset: int = 0
    limit: int = 10
    facets: tuple[str, ...] = FACETS
    highlight: bool = True


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of a document around what was found: escaped HTML with ``<mark>``, in one language."""

    language: str
    field: TextName
    html: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A document found. Its passage comes from the index: check it against the database before showing."""

    id: str
    kind: str
    version: str
    score: float
    passage: Passage | None = None


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value of a facet and the number of objects that choosing it would show."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Results:
    """An answer: the number of objects found, one page of them, and the facets over all of them."""

    total: int = 0
    hits: tuple[Hit, ...] = ()
    facets: Mapping[str, tuple[FacetValue, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A word of the index near an unknown one: ``word`` as it is written there, with its accents."""

    word: str
    language: str
    distance: int
    frequency: int


@dataclass(frozen=True, slots=True)
class Info:
    """The state of an engine, for people who look after it."""

    engine: str
    documents: int
    bytes: int
    generation: str


class Engine(Protocol):
    """A search engine. Every method may raise :class:`EngineUnavailable`; no query text raises anything."""

    def search(self, query: Query) -> Results:
        """Answer ``query``; counts, facets and passages are limited to its audience."""

    def scan(self, query: Query) -> Iterator[str]:
        """Ids of all documents that ``query`` finds, best first, beyond :data:`MAX_HITS`: as the index is at the first one."""

    def known(self, words: Iterable[str], *, audience: frozenset[str]) -> frozenset[str]:
        """Those of ``words`` that some document of the audience holds, exactly or as a stem, in any language."""

    def similar(self, word: str, *, language: str, audience: frozenset[str]) -> tuple[Candidate, ...]:
        """Words of documents of the audience that are few letters away from ``word``, best first."""

    def index(self, documents: Iterable[Document], refused: Refused | None = None) -> None:
        """Add or replace documents; they are found when this returns.

        A document that the index cannot hold stops no other: why is put into ``refused``; without it, DocumentRefused is raised.
        """

    def remove(self, ids: Iterable[str]) -> None:
        """Forget documents; unknown ids are no error."""

    def rebuild(
        self,
        documents: Iterable[Document],
        progress: Callable[[int], None] | None = None,
        refused: Refused | None = None,
    ) -> int:
        """Build an index beside the one in use, then swap at once; returns the number of documents in it.

        Readers see the old index until the end. If ``documents`` raises, the old index stays. ``refused`` as in :meth:`index`.
        """

    def versions(self) -> Iterator[tuple[str, str]]:
        """Id and version of every document, whatever its audience."""

    def info(self) -> Info:
        """State of the index in use."""

    def drop(self) -> None:
        """Delete the index and whatever belongs to it: for one that was made to try something."""

    def close(self) -> None:
        """Give back what only one process may hold."""

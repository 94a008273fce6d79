"""From what a visitor asks to an answer: understood and put to the engine, or to the database where that is down."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from search import database
from search.concepts import thesaurus
from search.engines import get_engine
from search.engines.base import EngineUnavailable, Query, Results, one_question
from search.understanding import Understanding, understand

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found, what was asked in the end, and whether only the database could answer."""

    results: Results
    understanding: Understanding
    reduced: bool = False


def find(query: Query, user: Any, *, literal: bool = False) -> Answer:
    """Answer ``query`` for ``user``; an unavailable engine is logged and replaced, never an error."""
    engine = get_engine()
    try:
        with one_question():
            understood = understand(query, engine=engine, thesaurus=thesaurus(), literal=literal)
            return Answer(engine.search(understood.query), understood)
    except EngineUnavailable as error:
        logger.warning("Search answers from the database (%s)", error)
        return Answer(database.search(query, user), Understanding(query), reduced=True)


def scan(query: Query, user: Any, *, literal: bool = False) -> Iterator[str]:
    """Ids of all that ``query`` finds for ``user``, however many, in order; from the database where no engine answers."""
    engine = get_engine()
    try:
        with one_question():
            understood = understand(query, engine=engine, thesaurus=thesaurus(), literal=literal)
        ids = engine.scan(understood.query)
        first = list(islice(ids, 1))
    except EngineUnavailable as error:
        logger.warning("Search answers from the database (%s)", error)
        return database.scan(query, user)
    return chain(first, ids)

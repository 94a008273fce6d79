"""The weights of the formula of relevance, the same on every engine; docs/search.md explains them with their figures."""

from __future__ import annotations

from search.engines.base import Query, concept_term

EXACT = 0.5
PAIR = 0.3
SLOP = 2
FILES = 0.3
CORRECTION = 1.2
NAMED = 0.7
NAMED_ELSEWHERE = 1.6
NARROWER = 0.5
OTHER_LANGUAGE = 0.75
TIE = 0.1

# The constants of BM25, on every engine.
K1 = 1.2
B = 0.75

#: A language of fewer documents than this part is not favoured further.
RAREST = 0.05


def naming(query: Query, language: str, *, fair: float, languages: int) -> dict[str, float]:
    """What each name of a concept counts in the sum of ``language``, which is multiplied by what is ``fair`` afterwards.

    In the visitor's language the words that name a concept count already; in another one there may be nothing else. Names stand
    in one field for all languages, so they get nothing of what is fair. To be put under a concept counts in any
    language: it is in the sums of all ``languages``, of which the best counts whole and the others as ties.
    """
    weight = NAMED if language == query.language else NAMED_ELSEWHERE
    names = {concept_term(slug, language): weight * NARROWER for slug in query.narrower}
    names |= {concept_term(slug, language): weight for slug in query.concepts}
    names |= {concept_term(slug): NAMED / (1 + TIE * (languages - 1)) for slug in query.concepts}
    return {name: weight / fair for name, weight in names.items()}


def fairness(share: float, *, own: bool) -> float:
    """What the words of a language in which only ``share`` of the documents are written count.

    BM25 measures a text against the mean over all documents, those without the language included. So the texts of a
    rare language all seem long, and would come last. This gives back what the mean text loses.
    """
    fair = (1 + K1 * (1 - B + B / max(share, RAREST))) / (1 + K1)
    return fair if own else fair * OTHER_LANGUAGE

"""How text becomes words: the same way for what is indexed, asked, expanded and corrected.

Normalise → split → lower-case → stop words (elided articles among them) → stem → fold accents. The stemmers need the
accents (« associações » and « associação » share a stem, « associacoes » and « associacao » do not), so a word typed
without them has another stem: :func:`variants` adds that one to what is indexed, and to what is asked; so it does
with the other spelling of English, whose stem differs too (« organiz », « organis »).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache
from itertools import chain
from typing import NamedTuple

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

STEMMERS = {"fr": "french", "en": "english", "es": "spanish", "pt": "portuguese", "ar": "arabic"}

#: Characters of one text that are read in Python: questions, and texts for the concepts that they name and for passages.
MAX_TEXT = 100_000

#: A longer run of letters is no word; it would only fill the index.
MAX_WORD = 60

# The lists of the analyzers, completed: articles that an apostrophe cuts off, question words, and the forms that remain
# when somebody types without accents.
STOP_WORDS = {
    "fr": "l d j m n s t c y qu jusqu lorsqu puisqu quoiqu les des du un une ou où et est sont être etre a à été ete"
    " même meme plus comment quel quelle quels quelles quand combien pourquoi quoi dont cette cet ces ceci cela"
    " ça ca il elle ils elles après apres très tres déjà deja là ainsi entre sous si fait font peut avait était"
    " etait étaient etaient",
    "en": "s t d ll re ve m what which who whom whose when where why how do does did has have had can could should"
    " would from we you your our us he she his her its were been about than so",
    "es": "qué que cuál cual cuáles cuales quién quien cómo como cuándo cuando dónde donde cuánto cuanto cuántos"
    " cuantos por qué son fue más mas también tambien está esta están estan según segun él el sí si había habia"
    " será sera",
    "pt": "d n que qual quais quem como quando onde quanto quantos porque são sao foi não nao também tambem está"
    " esta é e à a às as até ate já ja você voce pelo pela havia será sera",
    "ar": "في من على إلى الى عن أن ان إن هذا هذه التي الذي ما ماذا متى كيف أين اين هل كم و أو او ثم كان كانت هو هي"
    " مع لا",
}

#: Words, as they stand between blanks, of which it is remembered what is made of them, per language: frequent ones come first.
MAX_REMEMBERED = 50_000

_WORD = re.compile(r"[^\W\d_]+")
_CAPITAL = r"[^\W\d_a-zà-ÿ]"
# Looked for in every text, so it begins with what is quick to find; what stands beside is looked at afterwards.
_CAPITALS = re.compile(r"[A-ZÀ-ÖØ-Þ](?:[&/-]?[A-ZÀ-ÖØ-Þ])+s?")
_ACRONYM = re.compile(rf"{_CAPITAL}(&{_CAPITAL}|{_CAPITAL}{{1,7}})([/&-]{_CAPITAL}{{1,8}})*s?")
# Plurals that change an accent: the singular is what the stem is taken from.
_PLURALS = {
    "es": (re.compile(r"(?<=[a-z]{2})ones$"), "on"),
    "pt": (re.compile(r"(?<=[a-z]{2})(?:oes|aes)$"), "ao"),
}
# British and American English, each way; what the stemmer makes one word of is not here (« enrollment », « traveling »).
# A word that is written in one way only (« enterprise ») gets a form that nobody asks for.
_ENDINGS = r"(?=(?:e[drs]?s?|ings?|able|ation[a-z]*)$)"
_STEMS = r"^(lab|behavi|neighb|fav|hon|harb|col)"
_INFLECTED = r"(?=(?:s|ed|ing|ers?|al|able|hoods?)?$)"
_SPELLINGS = tuple(
    (re.compile(pattern), other)
    for pattern, other in (
        (rf"(?<=[a-z]{{3}}[iy])z{_ENDINGS}", "s"),
        (rf"(?<=[a-z]{{3}}[iy])s{_ENDINGS}", "z"),
        (rf"{_STEMS}or{_INFLECTED}", r"\1our"),
        (rf"{_STEMS}our{_INFLECTED}", r"\1or"),
        (r"^center(?=[ds]?$)", "centre"),
        (r"^centre(?=[ds]?$)", "center"),
        (r"^program(?=s?$)", "programme"),
        (r"^programme(?=s?$)", "program"),
    )
)

_REMOVED = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff\u202a-\u202e]")
_APOSTROPHES = str.maketrans(dict.fromkeys("ʼʹʻ`´＇‘’", "'"))
# Those that count as letters, which no tokenizer splits at.
_LETTER_APOSTROPHES = re.compile("[ʼʹʻ]")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# All that is removed or replaced, halves of characters among them: most texts hold nothing of it.
_UNTIDY = re.compile(f"{_REMOVED.pattern[:-1]}{_CONTROLS.pattern[1:-1]}\ud800-\udfff]")
_ARABIC = re.compile("[\u0600-\u06ff]")
_PREPARED = re.compile(f"{_ARABIC.pattern[:-1]}{_LETTER_APOSTROPHES.pattern[1:]}")
_ARABIC_MARKS = re.compile("[\u0610-\u061a\u064b-\u065f\u0670\u0640]")
_ARABIC_LETTERS = str.maketrans("أإآٱىة", "ااااي\u0647")


class Token(NamedTuple):
    """A word after analysis, and where it stands: its number among all words, its characters in the text."""

    text: str
    position: int
    start: int
    end: int


class Word(NamedTuple):
    """A word of a text: its characters there, and the stems under which the index finds it."""

    start: int
    end: int
    forms: frozenset[str]


def tidy(text: str) -> str:
    """Text fit to be shown and marked: NFC, without invisible or control characters."""
    if not _UNTIDY.search(text) and unicodedata.is_normalized("NFC", text):
        return text
    text = unicodedata.normalize("NFC", text.encode("utf-8", "ignore").decode())
    return _CONTROLS.sub(" ", _REMOVED.sub("", text))


def normalise(text: str) -> str:
    """One form for what looks the same: tidy, with one apostrophe; as long as the tidy text."""
    return tidy(text).translate(_APOSTROPHES)


def fold(text: str) -> str:
    """Lower-case without accents, ligatures written out: « Œuvre » → « oeuvre »."""
    folded = "".join(_plain().analyze(normalise(text)))
    return _fold_arabic(folded)


def tokens(text: str, language: str, *, exact: bool = False) -> list[Token]:
    """The words of ``text`` as the index holds them: stems, or with ``exact`` only folded."""
    found = analyzer(language, stem=not exact).pre_tokenize(prepare(text[:MAX_TEXT])).tokens
    return [Token(t.text, t.position, t.char_offset_from, t.char_offset_to) for t in found]


def variants(text: str, language: str) -> str:
    """The words of ``text`` with another stem when typed without accents or across the Atlantic, so typed: indexed beside."""
    return " ".join(_remembered(_variants, language).read(text))


def stems(text: str, language: str) -> list[str]:
    """The words of ``text`` as the index holds them, in their order; a long text is read to :data:`MAX_TEXT`."""
    return list(_remembered(_stems, language).read(text[:MAX_TEXT]))


def found_by(pieces: Iterable[str], language: str) -> Iterator[tuple[str, ...]]:
    """Of each of ``pieces``, what stands between two blanks, the stems under which the index finds it, however it is typed."""
    return map(_remembered(_found_by, language).__getitem__, pieces)


def written_acronyms(text: str) -> list[str]:
    """What is written as an acronym in ``text``, read as far as :func:`stems`; an article cut off, or a sign, is none of it."""
    text = text[:MAX_TEXT]
    found = []
    for capitals in _CAPITALS.finditer(text):
        beside = text[capitals.start() - 1 : capitals.start()] + text[capitals.end() : capitals.end() + 1]
        if not any(map(str.isalnum, beside)) and is_acronym(capitals[0]):
            found.append(capitals[0])
    return found


def variant_stem(word: str, language: str) -> str:
    """The stem of one word typed without accents or across the Atlantic, or nothing where it is the usual one."""
    typed = _typed(word.lower(), language)
    return "".join(analyzer(language).analyze(typed)) if typed else ""


def prepare(text: str) -> str:
    """Tidy text ready for an analyzer: apostrophes split words, Arabic marks have no filter there."""
    text = tidy(text)
    return _fold_arabic(_LETTER_APOSTROPHES.sub("'", text)) if _PREPARED.search(text) else text


@lru_cache(maxsize=10_000)
def word_forms(word: str, language: str) -> frozenset[str]:
    """The stems under which the index finds one word, whichever way it is typed."""
    return frozenset(analyzer(language).analyze(prepare(word))) | {variant_stem(word, language)} - {""}


def words_in(piece: str, language: str) -> tuple[Word, ...]:
    """The words of what stands between two blanks; it stands whole for each whose place is lost in analysis."""
    return _words_in(piece, language) if len(piece) <= MAX_WORD else _words_in.__wrapped__(piece, language)


@lru_cache(maxsize=10_000)
def _words_in(piece: str, language: str) -> tuple[Word, ...]:
    lost = len(prepare(piece)) != len(piece)
    return tuple(
        Word(0, len(piece), frozenset({token.text}))
        if lost
        else Word(token.start, token.end, word_forms(piece[token.start : token.end], language))
        for token in tokens(piece, language)
    )


@lru_cache(maxsize=50_000)
def label_forms(text: str, language: str) -> tuple[frozenset[str], ...]:
    """The stems under which the index finds each word of a label of the thesaurus."""
    text = prepare(text)
    return tuple(word_forms(text[token.start : token.end], language) for token in label_tokens(text, language))


@lru_cache(maxsize=50_000)
def label_tokens(text: str, language: str, *, exact: bool = False) -> tuple[Token, ...]:
    """The words of a label of the thesaurus, which comes again and again."""
    return tuple(tokens(text, language, exact=exact))


@cache
def analyzer(language: str, *, stem: bool = True) -> TextAnalyzer:
    """The chain of filters of one language; an unknown language is only folded."""
    steps = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.remove_long(MAX_WORD)).filter(Filter.lowercase())
    if language in STEMMERS:
        if language != "ar":
            steps = steps.filter(Filter.stopword(STEMMERS[language]))
        steps = steps.filter(Filter.custom_stopword(_fold_arabic(STOP_WORDS[language]).split()))
    if stem and language in STEMMERS:
        steps = steps.filter(Filter.stemmer(STEMMERS[language]))
    return steps.filter(Filter.ascii_fold()).build()


def is_acronym(label: str) -> bool:
    """CMU, AT/MP, S&E, IDPs: mostly capitals, and no word of the language by accident."""
    return bool(_ACRONYM.fullmatch(label)) and label[:2].isupper()


class _Remembered(dict[str, tuple[str, ...]]):
    """What is made of a word as it stands between blanks, in one language; worked out once."""

    def __init__(self, make: Callable[[str, str], tuple[str, ...]], language: str) -> None:
        super().__init__()
        self._make, self._language = make, language

    def __missing__(self, piece: str) -> tuple[str, ...]:
        made = self._make(piece, self._language)
        if len(piece) <= MAX_WORD and len(self) < MAX_REMEMBERED:
            self[piece] = made
        return made

    def read(self, text: str) -> Iterator[str]:
        """What is made of all words of ``text``."""
        return chain.from_iterable(map(self.__getitem__, text.split()))


@cache
def _remembered(make: Callable[[str, str], tuple[str, ...]], language: str) -> _Remembered:
    return _Remembered(make, language)


def _variants(piece: str, language: str) -> tuple[str, ...]:
    return tuple(filter(None, (_typed(word.lower(), language) for word in _WORD.findall(piece))))


def _stems(piece: str, language: str) -> tuple[str, ...]:
    return tuple(analyzer(language).analyze(prepare(piece)))


def _found_by(piece: str, language: str) -> tuple[str, ...]:
    return _stems(f"{piece} {' '.join(_variants(piece, language))}", language)


@lru_cache(maxsize=200_000)
def _typed(word: str, language: str) -> str:
    plain = word.isascii() and not word.endswith("es") and language != "en"
    if language not in STEMMERS or language == "ar" or plain:
        return ""
    typed = fold(word)
    if language == "en":
        others = (pattern.sub(other, typed) for pattern, other in _SPELLINGS)
        typed = next((other for other in others if other != typed), typed)
    if language in _PLURALS:
        plural, singular = _PLURALS[language]
        typed = plural.sub(singular, typed)
    stem = analyzer(language).analyze
    return typed if stem(typed) != stem(normalise(word)) else ""


@cache
def _plain() -> TextAnalyzer:
    return TextAnalyzerBuilder(Tokenizer.raw()).filter(Filter.lowercase()).filter(Filter.ascii_fold()).build()


def _fold_arabic(text: str) -> str:
    if not _ARABIC.search(text):
        return text
    return _ARABIC_MARKS.sub("", text).translate(_ARABIC_LETTERS)

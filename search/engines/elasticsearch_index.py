"""The index of Elasticsearch: its analysis, its mapping, its names.

::

    <index>                       alias that is read
    <index>-write                 alias that is written
    <index>-v<mapping>-<stamp>    one index; the version is a digest of mapping and analysis

Both aliases move at once at the end of a rebuild, so an index of an older portal is seen as such, never misread.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from functools import cache
from hashlib import blake2b
from typing import Any

from elasticsearch import Elasticsearch, NotFoundError
from elasticsearch.dsl import Date, Index, Integer, Keyword, MetaField, Object, Text, analyzer, token_filter
from elasticsearch.dsl import Document as IndexedDocument

from search.analysis import STOP_WORDS, prepare, variants
from search.engines.base import (
    FACETS,
    GOING_ON,
    MAX_FACET_VALUE,
    Document,
    EngineUnavailable,
    kept,
    names_in,
)

#: Raise it whenever what is put into the fields changes, or how the thesaurus is found in texts; changes of mapping and analysis
#: are seen without.
CONTENT_VERSION = 5

STEMMERS = {"fr": "French", "en": "English", "es": "Spanish", "pt": "Portuguese", "ar": "Arabic"}
STOP_LISTS = {"fr": "_french_", "en": "_english_", "es": "_spanish_", "pt": "_portuguese_"}
ELISIONS = {
    "fr": ["l", "m", "t", "qu", "n", "s", "j", "d", "c", "jusqu", "quoiqu", "lorsqu", "puisqu"],
    "pt": ["d", "n"],
}

#: What its Spanish stemmer takes for an ending only where the accent is typed, unlike that of :mod:`search.analysis`.
_BARE_ENDING = re.compile(r"(?<=[au])cion\b", re.IGNORECASE)

#: Stands where a document has no text in a language, so that the rarity of a word is measured over all documents.
#: It is longer than any word that is asked.
NO_TEXT = "notext" * 12

#: Fields that are searched, in each language.
SEARCHED = ("s", "x", "f")

#: A rebuild says that it goes on this often; an index without such a sign for longer was left by a killed one.
HEARTBEAT = 30.0
ABANDONED = 300.0


class _Base(IndexedDocument):
    """What every document has, whatever the languages of the portal."""

    id = Keyword()
    version = Keyword(index=False)
    audience = Keyword()
    kind = Keyword()
    country = Keyword()
    modality = Keyword()
    theme = Keyword()
    language = Keyword()
    status = Keyword()
    written = Keyword()
    named = Text(analyzer="whitespace", index_options="freqs")
    first_year = Integer()
    last_year = Integer()
    date = Date()
    texts = Object(enabled=False)


def chain(language: str, *, stem: bool) -> Any:
    """The analysis of one language: elision, lower-case, stop words (still with accents), stemmer, folding.

    Words are split at every sign, as ``search.analysis`` does; an unknown language is only folded.
    """
    filters: list[Any] = []
    if language in ELISIONS:
        articles = ELISIONS[language]
        filters.append(token_filter(f"elision_{language}", "elision", articles=articles, articles_case=True))
    parts = {"split_on_case_change": False, "split_on_numerics": False, "stem_english_possessive": False}
    filters += [token_filter("parts", "word_delimiter_graph", **parts), "lowercase"]
    if language in STEMMERS:
        words = [*filter(None, [STOP_LISTS.get(language)]), *prepare(STOP_WORDS[language]).split()]
        filters.append(token_filter(f"stop_{language}", "stop", stopwords=words))
        if stem:
            filters.append(token_filter(f"stem_{language}", "snowball", language=STEMMERS[language]))
    kind = "stem" if stem else "exact"
    return analyzer(f"{kind}_{language}", tokenizer="standard", filter=[*filters, "asciifolding"])


@cache
def document_class(languages: tuple[str, ...]) -> type[IndexedDocument]:
    """Per language: ``s`` stems, ``x`` exact words, ``f`` stems of the files; ``named`` concepts. Only ``s`` knows neighbours.

    The ``texts`` themselves are kept to cut passages from, not searched.
    """
    fields: dict[str, Any] = {}
    for language in languages:
        stems, exact = chain(language, stem=True), chain(language, stem=False)
        fields |= {f"s_{language}": Text(analyzer=stems), f"f_{language}": Text(analyzer=stems, index_options="freqs")}
        fields |= {f"x_{language}": Text(analyzer=exact, index_options="freqs")}
    searched = ["named", *(f"{name}_*" for name in SEARCHED)]
    meta = type("Meta", (), {"dynamic": MetaField("strict"), "source": MetaField(excludes=searched)})
    return type("PortalDocument", (_Base,), {**fields, "Meta": meta, "__doc__": _Base.__doc__})


def analysable(text: str, language: str) -> str:
    """``text`` as it is sent to be analysed, in documents and in questions."""
    text = prepare(text)
    return _BARE_ENDING.sub("ción", text) if language == "es" else text


def to_elasticsearch(document: Document, languages: tuple[str, ...]) -> dict[str, Any]:
    """The document as the index holds it; the title counts twice."""
    values: dict[str, Any] = {
        "id": document.id,
        "version": document.version,
        "audience": sorted(document.audience),
        "written": [language for language in languages if language in document.texts],
        "date": document.date,
        "named": names_in(document, languages),
        "texts": kept(document, languages),
    }
    for name in FACETS:
        values[name] = [value[:MAX_FACET_VALUE] for value in document.facet(name)]
    first, last = document.first_year, document.last_year
    if first is not None or last is not None:
        values["first_year"] = last if first is None else first
        values["last_year"] = GOING_ON if last is None else last
    for language in languages:
        values |= _texts(document, language)
    made = document_class(languages)(meta={"id": document.id}, **values)
    return made.to_dict(include_meta=True)


def _texts(document: Document, language: str) -> dict[str, Any]:
    texts = document.texts.get(language)
    if texts is None:
        return {f"{name}_{language}": [NO_TEXT] for name in SEARCHED}
    said = [texts.title, texts.title, texts.summary, texts.body, texts.keywords]
    words = [analysable(text, language) for text in said if text]
    return {
        f"s_{language}": [*words, *filter(None, [variants(" ".join(said), language)])] or [NO_TEXT],
        f"x_{language}": words or [NO_TEXT],
        f"f_{language}": [
            analysable(texts.files, language) or NO_TEXT,
            *filter(None, [variants(texts.files, language)]),
        ],
    }


class Indices:
    """The indices of one portal in the cluster."""

    def __init__(self, name: str, languages: tuple[str, ...], shards: int, replicas: int) -> None:
        self.read = name
        self.write = f"{name}-write"
        self._every = f"{name}-v*"
        self._languages = languages
        self._shards = shards
        self._replicas = replicas

    @property
    def prefix(self) -> str:
        """How the names of indices begin that this version of the portal can read."""
        return f"{self.read}-v{_version(self._languages, CONTENT_VERSION)}-"

    def current(self, client: Elasticsearch, alias: str) -> str:
        """The index behind an alias, or EngineUnavailable with the reason why there is none."""
        names = list(client.indices.get_alias(name=alias))
        if len(names) != 1:
            raise EngineUnavailable("damaged", "alias")
        if not names[0].startswith(self.prefix):
            raise EngineUnavailable("outdated")
        return str(names[0])

    def create(self, client: Elasticsearch) -> str:
        """An empty index beside the one in use; only one at a time is being built in a cluster."""
        self._forget_abandoned(client)
        name = f"{self.prefix}{time.time_ns():x}"
        index = _described(name, self._languages)
        # Nobody reads it yet, and what is lost with the machine is built again.
        index.settings(
            number_of_shards=self._shards, number_of_replicas=0, refresh_interval="-1", translog={"durability": "async"}
        )
        described = index.to_dict()
        described["mappings"]["_meta"] = _sign()
        client.indices.create(index=name, **described)
        if any(other < name for other in self._being_built(client)):
            client.indices.delete(index=name)
            raise EngineUnavailable("busy", "another rebuild is running")
        return name

    @staticmethod
    def go_on(client: Elasticsearch, name: str) -> None:
        """Sign that the index is still being built."""
        client.indices.put_mapping(index=name, meta=_sign())

    def swap(self, client: Elasticsearch, name: str) -> None:
        """Have both aliases point to ``name`` and drop all others, in one step."""
        lasting = {"refresh_interval": "30s", "translog": {"durability": "request"}}
        client.indices.put_settings(
            index=name, settings=lasting | {"auto_expand_replicas": f"0-{self._replicas}" if self._replicas else False}
        )
        client.indices.refresh(index=name)
        client.indices.flush(index=name)
        client.indices.put_mapping(index=name, meta={})
        actions: list[dict[str, Any]] = [
            {"remove_index": {"index": other}} for other in self._all(client) if other != name
        ]
        actions += [{"add": {"index": name, "alias": alias}} for alias in (self.read, self.write)]
        client.indices.update_aliases(actions=actions)

    @staticmethod
    def give_up(client: Elasticsearch, name: str) -> None:
        """Delete an index that was not filled, unless the swap was done already and only its answer was lost."""
        found = client.options(ignore_status=404).indices.get_alias(index=name).body
        if not found.get(name, {}).get("aliases"):
            client.options(ignore_status=404).indices.delete(index=name)

    def drop(self, client: Elasticsearch) -> None:
        """Delete every index of this portal."""
        for name in self._all(client):
            client.options(ignore_status=404).indices.delete(index=name)

    def _all(self, client: Elasticsearch) -> dict[str, Any]:
        try:
            states = client.indices.get(
                index=self._every, features=["aliases", "mappings"], expand_wildcards=["open", "closed"]
            )
        except NotFoundError:
            return {}
        # Another portal may be called `<index>-vietnam`.
        own = re.compile(re.escape(self.read) + r"-v[0-9a-f]+-[0-9a-f]+")
        return {name: state for name, state in states.items() if own.fullmatch(name)}

    def _being_built(self, client: Elasticsearch) -> Iterator[str]:
        for name, state in self._all(client).items():
            sign = state["mappings"].get("_meta", {}).get("building", 0)
            if not state["aliases"] and abs(time.time() - sign) < ABANDONED:
                yield name

    def _forget_abandoned(self, client: Elasticsearch) -> None:
        alive = set(self._being_built(client))
        if alive:
            raise EngineUnavailable("busy", "another rebuild is running")
        for name, state in self._all(client).items():
            if not state["aliases"]:
                client.options(ignore_status=404).indices.delete(index=name)


def _sign() -> dict[str, float]:
    return {"building": time.time()}


def _described(name: str, languages: tuple[str, ...]) -> Index:
    index = Index(name)
    index.document(document_class(languages))
    return index


@cache
def _version(languages: tuple[str, ...], content: int) -> str:
    described = json.dumps([content, _described("any", languages).to_dict()], sort_keys=True)
    return blake2b(described.encode(), digest_size=5).hexdigest()

"""A small collection of the field in four languages, and its thesaurus, for the contract suite."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from search.engines.base import PUBLIC, Document, Texts
from search.thesaurus import Term, Thesaurus

TERMS = [
    Term(
        "social-protection",
        {
            "fr": ("protection sociale",),
            "en": ("social protection",),
            "es": ("protección social",),
            "pt": ("proteção social",),
        },
    ),
    Term(
        "third-party-payment",
        {
            "fr": ("tiers payant",),
            "en": ("third-party payment", "direct billing"),
            "es": ("pago por terceros",),
            "pt": ("pagamento por terceiros",),
        },
        broader="social-protection",
    ),
    Term(
        "mutual",
        {
            "fr": ("mutuelle de santé", "mutuelles"),
            "en": ("mutual health organization", "MHO"),
            "es": ("mutual de salud",),
            "pt": ("mutualidade de saúde",),
        },
        broader="social-protection",
    ),
    Term(
        "universal-coverage",
        {
            "fr": ("couverture santé universelle", "CSU", "CMU", "couverture maladie universelle"),
            "en": ("universal health coverage", "UHC"),
            "es": ("cobertura sanitaria universal", "CUS"),
            "pt": ("cobertura universal de saúde",),
        },
        broader="social-protection",
    ),
    Term(
        "health-microinsurance",
        {"fr": ("micro-assurance santé", "MAS"), "en": ("health microinsurance",), "es": ("microseguro de salud",)},
        broader="mutual",
    ),
]

THESAURUS = Thesaurus(TERMS)


def document(identifier: str, texts: dict[str, Texts], **values) -> Document:
    """A document with everything that a case does not speak of filled in, the concepts that its texts name among it."""
    texts = {code: replace(text, named=THESAURUS.named(text, code)) for code, text in texts.items()}
    defaults = {
        "kind": "experience",
        "version": f"{identifier}-1",
        "date": datetime(2024, 1, 1, tzinfo=UTC),
        "languages": tuple(texts),
    }
    return Document(id=identifier, texts=texts, **(defaults | values))


COLLECTION = [
    document(
        "borgou",
        {
            "fr": Texts(
                "Le tiers payant des mutuelles du Borgou",
                "Neuf mutuelles de santé garantissent ensemble les factures des centres de santé.",
                "L’assurance couvre l’accouchement. Les bénéficiaires âgés sont exonérés. Une œuvre commune.",
            )
        },
        facets={"country": ("BJ",), "modality": ("microinsurance",), "theme": ("mutual",), "status": ("operating",)},
        first_year=2005,
        last_year=2012,
        date=datetime(2024, 3, 1, tzinfo=UTC),
    ),
    document(
        "clinic",
        {
            "en": Texts(
                "Paying the clinic, not the patient",
                "How members of a scheme in Ghana stopped paying at the point of care.",
                "Under third-party payment the scheme settles the bill & members pay <nothing>. Delays hurt.",
            )
        },
        kind="case_study",
        facets={"country": ("GH",), "modality": ("microinsurance", "linkage"), "theme": ("third-party-payment",)},
        first_year=2010,
        last_year=2010,
        date=datetime(2023, 6, 1, tzinfo=UTC),
    ),
    document(
        "farmacias",
        {
            "pt": Texts(
                "Farmácias comunitárias em Cabo Verde",
                "Duas associações partilham a mesma rede de farmácias.",
                "O pagamento por terceiros tem um limite por receita. As prestações são pequenas.",
            )
        },
        facets={"country": ("CV", "BJ"), "modality": ("linkage",), "status": ("ended",)},
        first_year=1999,
        last_year=2004,
        date=datetime(2022, 1, 1, tzinfo=UTC),
    ),
    document(
        "campesino",
        {
            "es": Texts(
                "El seguro campesino en Ecuador",
                "La extensión de la protección social a las familias rurales.",
                "Los afiliados pagan una cotización pequeña. La cobertura sanitaria universal es la meta.",
            )
        },
        facets={"country": ("EC",), "modality": ("floor",), "theme": ("universal-coverage",)},
        first_year=1981,
        date=datetime(2021, 1, 1, tzinfo=UTC),
    ),
    document(
        "cmu-ci",
        {
            "fr": Texts(
                "La CMU en Côte d’Ivoire",
                "La couverture maladie universelle devient obligatoire.",
                "Les cotisations de l’économie informelle restent difficiles à collecter.",
                "Annexe : le barème des remboursements par palier.",
            ),
            "en": Texts("Compulsory health coverage in Côte d’Ivoire", "The scheme became compulsory in 2019."),
        },
        languages=("fr",),
        facets={"country": ("CI",), "modality": ("floor",), "theme": ("universal-coverage",)},
        first_year=2014,
        date=datetime(2020, 1, 1, tzinfo=UTC),
    ),
    document(
        "secret",
        {
            "fr": Texts(
                "Le tiers payant confidentiel",
                "Une mutuelle privée de Mongolie et son xylophone.",
                "Le zygomatique du tiers payant.",
            )
        },
        facets={"country": ("MN",), "modality": ("regulation",), "theme": ("mutual",)},
        date=datetime(2025, 1, 1, tzinfo=UTC),
        audience=frozenset({"network-7"}),
    ),
]

MEMBER = frozenset({PUBLIC, "network-7"})

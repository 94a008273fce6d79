"""The models of knowledge, each in the module of its subject."""

from knowledge.actors import Organisation, Person
from knowledge.items import (
    Contributor,
    ItemChoice,
    ItemConcept,
    ItemFile,
    ItemIndexPage,
    ItemLink,
    ItemOrganisation,
    KnowledgeItem,
    Place,
)
from knowledge.thesaurus import Concept

__all__ = [
    "Concept",
    "Contributor",
    "ItemChoice",
    "ItemConcept",
    "ItemFile",
    "ItemIndexPage",
    "ItemLink",
    "ItemOrganisation",
    "KnowledgeItem",
    "Organisation",
    "Person",
    "Place",
]

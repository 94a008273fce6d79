"""Which fields of knowledge have languages."""

from modeltranslation.translator import TranslationOptions, register

from knowledge.models import Concept, KnowledgeItem


@register(Concept)
class ConceptTranslation(TranslationOptions):
    fields = ("label", "alt_labels")


@register(KnowledgeItem)
class KnowledgeItemTranslation(TranslationOptions):
    fields = ("summary",)

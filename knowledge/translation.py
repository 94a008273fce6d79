"""Which fields of knowledge have languages."""

from modeltranslation.translator import TranslationOptions, register

from knowledge.models import Concept, ItemIndexPage, KnowledgeItem


@register(Concept)
class ConceptTranslation(TranslationOptions):
    fields = ("label", "alt_labels")


@register(KnowledgeItem)
class KnowledgeItemTranslation(TranslationOptions):
    fields = ("summary",)


@register(ItemIndexPage)
class ItemIndexPageTranslation(TranslationOptions):
    fields = ()  # its texts are those of every page; registered so that queries know them

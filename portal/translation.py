"""Which fields of the foundation have languages."""

from modeltranslation.translator import TranslationOptions, register

from portal.images import PortalImage
from portal.pages import PortalPage


@register(PortalPage)
class PortalPageTranslation(TranslationOptions):
    fields = ("title", "seo_title", "search_description", "language_state", "translated_from")


@register(PortalImage)
class PortalImageTranslation(TranslationOptions):
    fields = ("description",)

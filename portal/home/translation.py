"""Which fields of the home and information pages have languages."""

from modeltranslation.translator import TranslationOptions, register

from portal.home.models import HomePage, InfoPage


@register(HomePage)
class HomePageTranslation(TranslationOptions):
    fields = ("introduction",)


@register(InfoPage)
class InfoPageTranslation(TranslationOptions):
    fields = ("body",)

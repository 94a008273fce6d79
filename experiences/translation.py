"""Which fields of experiences and studies have languages."""

from modeltranslation.translator import TranslationOptions, register

from experiences import models


@register(models.Experience)
class ExperienceTranslation(TranslationOptions):
    fields = (
        "problem",
        "objectives",
        "description",
        "governance",
        "link_to_national_system",
        "gender_dimension",
        "viability_comment",
        "rare_context_factors",
    )


@register(models.Study)
class StudyTranslation(TranslationOptions):
    fields = ("questions", "method", "body")


@register([models.Condition, models.Strength, models.ExperienceLesson, models.StudyLesson])
class TextTranslation(TranslationOptions):
    fields = ("text",)


@register(models.Weakness)
class WeaknessTranslation(TranslationOptions):
    fields = ("text", "remedy")


@register(models.Involvement)
class InvolvementTranslation(TranslationOptions):
    fields = ("who",)


@register(models.ValueAssessment)
class ValueAssessmentTranslation(TranslationOptions):
    fields = ("comment",)

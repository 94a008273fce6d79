"""The models of experiences, each in the module of its subject."""

from experiences.experience import (
    Condition,
    Experience,
    ExperienceLesson,
    Indicator,
    Involvement,
    Strength,
    ValueAssessment,
    Weakness,
)
from experiences.leads import Lead
from experiences.sheets import FieldSheet
from experiences.study import Study, StudyExperience, StudyLesson

__all__ = [
    "Condition",
    "Experience",
    "ExperienceLesson",
    "FieldSheet",
    "Indicator",
    "Involvement",
    "Lead",
    "Strength",
    "Study",
    "StudyExperience",
    "StudyLesson",
    "ValueAssessment",
    "Weakness",
]

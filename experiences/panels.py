"""The editor's screens of experiences and studies. Their help texts teach what a good record is."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList, Panel

from experiences.forms import ExperienceForm
from experiences.lead_panel import LeadPanel
from knowledge.forms import item_form
from knowledge.panels import TEXT_HELP, actors_tab, choices_panel, concepts_panel, item_publication_tab, places_panel
from portal.editor.panels import FULL_RECORD, advice, cell, cells, interface, language_tabs, side_by_side, texts

EXPERIENCE_CHOICES = {
    "modalities": "extension_modality",
    "fields_of_action": "field_of_action",
    "exclusion_causes": "exclusion_cause",
    "exclusion_statuses": "exclusion_status",
    "risk_measures": "risk_measure",
    "doc_methods": "doc_method",
}
STUDY_CHOICES = {"modalities": "extension_modality", "fields_of_action": "field_of_action"}
HELP = TEXT_HELP | {
    "problem": advice(
        _("Quels risques ou exclusions, pour qui, avant l’expérience ? Des faits plutôt que des généralités."),
        _(
            "« Une césarienne coûtait quatre mois de revenu ; une femme sur trois accouchait sans aide, faute d’argent "
            "disponible en saison sèche. »"
        ),
    ),
    "objectives": _("Ce que les promoteurs voulaient atteindre, avec une échéance si elle était fixée."),
    "description": _(
        "Comment cela marche au quotidien : adhésion, cotisation, prestations, gestion, étapes marquantes."
    ),
    "governance": _("Qui décide, qui gère, qui contrôle ; comment les membres se font entendre."),
    "link_to_national_system": _(
        "Place dans le système national : convention, délégation, contribution de l’État, loi."
    ),
    "gender_dimension": _("Ce qui change pour les femmes et pour les hommes : accès, responsabilités, prestations."),
    "viability_comment": _("Ce qui fait durer l’expérience, et ce qui la menace sans aide extérieure."),
    "rare_context_factors": advice(
        _("Ce qui a aidé ici et manque souvent ailleurs : un lecteur doit pouvoir juger du transfert."),
        _(
            "« L’infirmière est née au village. Sans cette confiance, prévoyez une convention écrite avec le district. »"
        ),
    ),
    "questions": _("Les questions auxquelles l’étude répond, une par ligne."),
    "method": _("Comment les réponses ont été trouvées : terrain, entretiens, documents, période, limites."),
    "body": _("Une étude longue se lit par chapitres : donnez à chacun un titre qui dit ce qu’on y apprend."),
}
LESSON_HELP = advice(
    _(
        "Ce qu’un autre projet peut appliquer, en une phrase : que faire, dans quel cas, pourquoi. Ni éloge, ni résultat."
    ),
    _(
        "« Demandez la cotisation quand l’argent rentre, non chaque mois : là où le revenu est saisonnier, le calendrier "
        "exclut plus que le prix. »"
    ),
)
FULL_TEXTS = [
    "problem",
    "objectives",
    "description",
    "governance",
    "link_to_national_system",
    "gender_dimension",
    "viability_comment",
    "rare_context_factors",
]


def full(relation: str, panels: list[Panel], heading: str, label: str, help_text: str = "", **kwargs) -> InlinePanel:
    """Return a table of the full record."""
    classname = f"{FULL_RECORD} {kwargs.pop('classname', '')}".strip()
    return InlinePanel(relation, panels, heading=heading, label=label, help_text=help_text, classname=classname)


def experience_texts(language: str) -> list[Panel]:
    """Return the texts of an experience in one language."""
    return [
        *texts(language, ["title", "summary"], HELP),
        MultiFieldPanel(
            texts(language, FULL_TEXTS, HELP), heading=_("Récit de la fiche complète"), classname=FULL_RECORD
        ),
    ]


def facts_panels() -> list[Panel]:
    """Return what every experience says in codes and figures."""
    return [
        FieldPanel(
            "record_depth",
            help_text=_(
                "Une fiche courte se remplit en dix minutes ; une fiche complète sert à comparer et à transférer."
            ),
        ),
        places_panel(),
        concepts_panel(),
        choices_panel(
            "modalities", _("Modalités d’extension"), _("Par quelle voie la protection s’étend : une ou deux.")
        ),
        choices_panel("fields_of_action", _("Champs d’action")),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("local_name"), FieldPanel("acronym")]),
                FieldRowPanel([FieldPanel("scheme_status"), FieldPanel("start_year"), FieldPanel("end_year")]),
                FieldRowPanel([FieldPanel("membership_mode"), FieldPanel("target_population")]),
            ],
            heading=_("Identité"),
        ),
    ]


def full_facts_panels() -> list[Panel]:
    """Return the coded facts of a full record."""
    return [
        choices_panel("exclusion_causes", _("Causes d’exclusion combattues"), classname=FULL_RECORD),
        choices_panel("exclusion_statuses", _("Situation des personnes exclues"), classname=FULL_RECORD),
        choices_panel("risk_measures", _("Mesures contre les risques de gestion"), classname=FULL_RECORD),
        MultiFieldPanel(
            [
                FieldRowPanel(
                    [FieldPanel("viable_without_aid"), FieldPanel("transfer_verdict"), FieldPanel("documented_on")]
                )
            ],
            heading=_("Jugement"),
            classname=FULL_RECORD,
        ),
        choices_panel("doc_methods", _("Comment l’expérience a été documentée"), classname=FULL_RECORD),
    ]


def lessons_panels() -> list[Panel]:
    """Return the tables of a full record that say what helped and what was learnt."""
    return [
        full(
            "conditions",
            [FieldRowPanel([FieldPanel("factor"), FieldPanel("effect"), FieldPanel("rare")]), side_by_side("text")],
            _("Conditions"),
            _("condition"),
            advice(
                _(
                    "Un fait du contexte, et par quel chemin il a aidé ou gêné. « Rare ailleurs » avertit ceux qui "
                    "voudraient transférer."
                ),
                _(
                    "« La coopérative paie ses membres à date fixe : la cotisation est retenue ce jour-là, et presque "
                    "personne n’est en retard. »"
                ),
            ),
        ),
        full(
            "strengths",
            [cell("seen_by"), side_by_side("text")],
            _("Forces"),
            _("force"),
            advice(
                _("Une force par ligne, avec le fait qui la montre."),
                _("« Les assemblées décident vraiment : elles ont refusé une hausse et choisi de réduire le panier. »"),
            ),
        ),
        full(
            "weaknesses",
            [
                cell("seen_by"),
                side_by_side("text", _("Faiblesse")),
                side_by_side("remedy", _("Comment la surmonter")),
            ],
            _("Faiblesses et remèdes"),
            _("faiblesse"),
            advice(
                _("À chaque faiblesse sa cause, puis le moyen de la surmonter : essayé ici, ou seulement proposé."),
                _(
                    "« La trésorière tient seule les comptes. » Remède essayé : « un relevé affiché chaque mois ; en un an, "
                    "les erreurs ont cessé. »"
                ),
            ),
        ),
        full("lessons", [side_by_side("text")], _("Leçons"), _("leçon"), LESSON_HELP),
    ]


def measures_panels() -> list[Panel]:
    """Return the tables of a full record that comparison is drawn from."""
    return [
        full(
            "indicators",
            [
                cells("indicator", "year", "value", "unit"),
                cell("source"),
            ],
            _("Indicateurs par année"),
            _("valeur"),
            advice(
                _("Un chiffre sans source ni année n’a pas sa place ici. Inconnu se laisse vide : jamais zéro."),
                _("« Membres à jour, 2012 : 1240 personnes. Source : registre de la mutuelle, lu en mars 2013. »"),
            ),
        ),
        full(
            "involvements",
            [cells("phase", "level"), side_by_side("who")],
            _("Participation des membres"),
            _("participation"),
            advice(
                _("À chaque étape : qui a décidé, agi, contrôlé, et comment."),
                _("« Les femmes, réunies à part, ont fait ajouter l’accouchement au panier. »"),
            ),
        ),
        full(
            "value_assessments",
            [cells("criterion", "rating"), side_by_side("comment")],
            _("Valeurs"),
            _("appréciation"),
            classname="collapsed",
        ),
    ]


EXPERIENCE_HANDLER = interface(
    [
        *language_tabs(experience_texts),
        ObjectList([*facts_panels(), *full_facts_panels()], heading=_("Données")),
        # For full records only: the script leaves the tab out with all that is in it.
        ObjectList([*lessons_panels(), *measures_panels()], heading=_("Enseignements")),
        actors_tab(LeadPanel()),
        item_publication_tab(),
    ],
    item_form(EXPERIENCE_CHOICES, ExperienceForm),
)

STUDY_HANDLER = interface(
    [
        *language_tabs(lambda code: texts(code, ["title", "summary", "questions", "method", "body"], HELP)),
        ObjectList(
            [
                FieldRowPanel([FieldPanel("study_kind"), FieldPanel("year")]),
                InlinePanel(
                    "study_experiences",
                    [cell("experience")],
                    heading=_("Expériences étudiées"),
                    label=_("expérience"),
                    help_text=_("Au moins une ; une synthèse en nomme plusieurs."),
                ),
                places_panel(),
                concepts_panel(),
                choices_panel("modalities", _("Modalités d’extension")),
                choices_panel("fields_of_action", _("Champs d’action")),
                InlinePanel(
                    "lessons",
                    [side_by_side("text")],
                    heading=_("Leçons"),
                    label=_("leçon"),
                    help_text=LESSON_HELP,
                ),
            ],
            heading=_("Données"),
        ),
        actors_tab(),
        item_publication_tab(),
    ],
    item_form(STUDY_CHOICES),
)

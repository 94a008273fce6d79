"""The base of all pages, without its links into Wagtail's tables: those tables point to it, so they come after (0002)."""

import django.db.models.deletion
import modelsearch.index
import wagtail.models.content_types
import wagtail.models.preview
import wagtail.models.specific
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PortalPage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("path", models.CharField(max_length=255, unique=True)),
                ("depth", models.PositiveIntegerField()),
                ("numchild", models.PositiveIntegerField(default=0)),
                ("live", models.BooleanField(default=True, editable=False, verbose_name="live")),
                (
                    "has_unpublished_changes",
                    models.BooleanField(default=False, editable=False, verbose_name="has unpublished changes"),
                ),
                (
                    "first_published_at",
                    models.DateTimeField(blank=True, db_index=True, null=True, verbose_name="first published at"),
                ),
                (
                    "last_published_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="last published at"),
                ),
                ("go_live_at", models.DateTimeField(blank=True, null=True, verbose_name="go live date/time")),
                ("expire_at", models.DateTimeField(blank=True, null=True, verbose_name="expiry date/time")),
                ("expired", models.BooleanField(default=False, editable=False, verbose_name="expired")),
                ("locked", models.BooleanField(default=False, editable=False, verbose_name="locked")),
                ("locked_at", models.DateTimeField(editable=False, null=True, verbose_name="locked at")),
                (
                    "title",
                    models.CharField(
                        help_text="The page title as you'd like it to be seen by the public",
                        max_length=255,
                        verbose_name="title",
                    ),
                ),
                (
                    "title_fr",
                    models.CharField(
                        help_text="The page title as you'd like it to be seen by the public",
                        max_length=255,
                        null=True,
                        verbose_name="title",
                    ),
                ),
                (
                    "title_en",
                    models.CharField(
                        help_text="The page title as you'd like it to be seen by the public",
                        max_length=255,
                        null=True,
                        verbose_name="title",
                    ),
                ),
                (
                    "title_es",
                    models.CharField(
                        help_text="The page title as you'd like it to be seen by the public",
                        max_length=255,
                        null=True,
                        verbose_name="title",
                    ),
                ),
                (
                    "title_pt",
                    models.CharField(
                        help_text="The page title as you'd like it to be seen by the public",
                        max_length=255,
                        null=True,
                        verbose_name="title",
                    ),
                ),
                ("draft_title", models.CharField(editable=False, max_length=255)),
                (
                    "slug",
                    models.SlugField(
                        allow_unicode=True,
                        help_text="The name of the page as it will appear in URLs e.g http://domain.com/blog/[my-slug]/",
                        max_length=255,
                        verbose_name="slug",
                    ),
                ),
                ("url_path", models.TextField(blank=True, editable=False, verbose_name="URL path")),
                (
                    "latest_revision_created_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="latest revision created at"),
                ),
                (
                    "show_in_menus",
                    models.BooleanField(
                        default=False,
                        help_text="Whether a link to this page will appear in automatically generated menus",
                        verbose_name="show in menus",
                    ),
                ),
                (
                    "seo_title",
                    models.CharField(
                        blank=True,
                        help_text="The name of the page displayed on search engine results as the clickable headline.",
                        max_length=255,
                        verbose_name="title tag",
                    ),
                ),
                (
                    "seo_title_fr",
                    models.CharField(
                        blank=True,
                        help_text="The name of the page displayed on search engine results as the clickable headline.",
                        max_length=255,
                        null=True,
                        verbose_name="title tag",
                    ),
                ),
                (
                    "seo_title_en",
                    models.CharField(
                        blank=True,
                        help_text="The name of the page displayed on search engine results as the clickable headline.",
                        max_length=255,
                        null=True,
                        verbose_name="title tag",
                    ),
                ),
                (
                    "seo_title_es",
                    models.CharField(
                        blank=True,
                        help_text="The name of the page displayed on search engine results as the clickable headline.",
                        max_length=255,
                        null=True,
                        verbose_name="title tag",
                    ),
                ),
                (
                    "seo_title_pt",
                    models.CharField(
                        blank=True,
                        help_text="The name of the page displayed on search engine results as the clickable headline.",
                        max_length=255,
                        null=True,
                        verbose_name="title tag",
                    ),
                ),
                (
                    "search_description",
                    models.TextField(
                        blank=True,
                        help_text="The descriptive text displayed underneath a headline in search engine results.",
                        verbose_name="meta description",
                    ),
                ),
                (
                    "search_description_fr",
                    models.TextField(
                        blank=True,
                        help_text="The descriptive text displayed underneath a headline in search engine results.",
                        null=True,
                        verbose_name="meta description",
                    ),
                ),
                (
                    "search_description_en",
                    models.TextField(
                        blank=True,
                        help_text="The descriptive text displayed underneath a headline in search engine results.",
                        null=True,
                        verbose_name="meta description",
                    ),
                ),
                (
                    "search_description_es",
                    models.TextField(
                        blank=True,
                        help_text="The descriptive text displayed underneath a headline in search engine results.",
                        null=True,
                        verbose_name="meta description",
                    ),
                ),
                (
                    "search_description_pt",
                    models.TextField(
                        blank=True,
                        help_text="The descriptive text displayed underneath a headline in search engine results.",
                        null=True,
                        verbose_name="meta description",
                    ),
                ),
                (
                    "original_language",
                    models.CharField(
                        choices=[("fr", "Français"), ("en", "English"), ("es", "Español"), ("pt", "Português")],
                        default="fr",
                        max_length=5,
                        verbose_name="langue d’origine",
                    ),
                ),
                (
                    "language_state",
                    models.CharField(
                        choices=[
                            ("none", "Pas de traduction"),
                            ("draft", "Traduction en cours, non visible"),
                            ("summary", "Titre et résumé seulement"),
                            ("published", "Publiée"),
                            ("outdated", "Publiée, mais l’original a changé"),
                        ],
                        default="none",
                        max_length=10,
                        verbose_name="état de la traduction",
                    ),
                ),
                (
                    "language_state_fr",
                    models.CharField(
                        choices=[
                            ("none", "Pas de traduction"),
                            ("draft", "Traduction en cours, non visible"),
                            ("summary", "Titre et résumé seulement"),
                            ("published", "Publiée"),
                            ("outdated", "Publiée, mais l’original a changé"),
                        ],
                        default="none",
                        max_length=10,
                        null=True,
                        verbose_name="état de la traduction",
                    ),
                ),
                (
                    "language_state_en",
                    models.CharField(
                        choices=[
                            ("none", "Pas de traduction"),
                            ("draft", "Traduction en cours, non visible"),
                            ("summary", "Titre et résumé seulement"),
                            ("published", "Publiée"),
                            ("outdated", "Publiée, mais l’original a changé"),
                        ],
                        default="none",
                        max_length=10,
                        null=True,
                        verbose_name="état de la traduction",
                    ),
                ),
                (
                    "language_state_es",
                    models.CharField(
                        choices=[
                            ("none", "Pas de traduction"),
                            ("draft", "Traduction en cours, non visible"),
                            ("summary", "Titre et résumé seulement"),
                            ("published", "Publiée"),
                            ("outdated", "Publiée, mais l’original a changé"),
                        ],
                        default="none",
                        max_length=10,
                        null=True,
                        verbose_name="état de la traduction",
                    ),
                ),
                (
                    "language_state_pt",
                    models.CharField(
                        choices=[
                            ("none", "Pas de traduction"),
                            ("draft", "Traduction en cours, non visible"),
                            ("summary", "Titre et résumé seulement"),
                            ("published", "Publiée"),
                            ("outdated", "Publiée, mais l’original a changé"),
                        ],
                        default="none",
                        max_length=10,
                        null=True,
                        verbose_name="état de la traduction",
                    ),
                ),
                ("translated_from", models.PositiveBigIntegerField(blank=True, editable=False, null=True)),
                ("translated_from_fr", models.PositiveBigIntegerField(blank=True, editable=False, null=True)),
                ("translated_from_en", models.PositiveBigIntegerField(blank=True, editable=False, null=True)),
                ("translated_from_es", models.PositiveBigIntegerField(blank=True, editable=False, null=True)),
                ("translated_from_pt", models.PositiveBigIntegerField(blank=True, editable=False, null=True)),
                (
                    "change_significance",
                    models.CharField(
                        choices=[
                            ("minor", "Mineure, sans retraduction"),
                            ("medium", "À retraduire"),
                            ("major", "Périme les traductions"),
                        ],
                        default="medium",
                        help_text="Si le texte d’origine a changé : « mineure » laisse les traductions en place, « à retraduire » les signale comme dépassées, « périme les traductions » les retire du site jusqu’à leur mise à jour.",
                        max_length=10,
                        verbose_name="portée de cette modification",
                    ),
                ),
                (
                    "alias_of",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="aliases",
                        to=settings.WAGTAIL_PAGE_MODEL,
                    ),
                ),
                (
                    "content_type",
                    models.ForeignKey(
                        on_delete=models.SET(wagtail.models.content_types.get_default_page_content_type),
                        related_name="pages",
                        to="contenttypes.contenttype",
                        verbose_name="content type",
                    ),
                ),
                (
                    "locked_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="locked_%(class)ss",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="locked by",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="owned_pages",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
            ],
            options={
                "verbose_name": "page",
                "verbose_name_plural": "pages",
                "permissions": [
                    ("bulk_delete_portalpage", "Delete pages with children"),
                    ("lock_portalpage", "Lock/unlock pages you've locked"),
                    ("publish_portalpage", "Publish any page"),
                    ("unlock_portalpage", "Unlock any page"),
                ],
            },
            bases=(
                wagtail.models.preview.PreviewableMixin,
                wagtail.models.specific.SpecificMixin,
                modelsearch.index.Indexed,
                models.Model,
            ),
        ),
    ]

"""Gives the pages that Wagtail's own migrations made (the root) a locale, a translation key and titles in all columns."""

from django.db import migrations
from django.db.models import F
from wagtail.models import BootstrapLocaleField, BootstrapTranslatableModel, BootstrapTranslationKeyField


def fill_titles(apps, schema_editor):
    titles = {f"title_{code}": F("title") for code in ("fr", "en", "es", "pt")}
    apps.get_model("portal", "PortalPage").objects.filter(title_fr=None).update(**titles)
    # PostgreSQL creates no index on a table with constraints still to check.
    schema_editor.connection.check_constraints()


class Migration(migrations.Migration):
    dependencies = [("portal", "0001_initial"), ("wagtailcore", "0098_apitoken")]

    operations = [
        BootstrapLocaleField("portal.PortalPage"),
        BootstrapTranslationKeyField("portal.PortalPage"),
        BootstrapTranslatableModel("portal.PortalPage"),
        migrations.RunPython(fill_titles, migrations.RunPython.noop),
    ]

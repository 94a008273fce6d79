"""The catalogues: complete in each language, and holding every sentence of the sources."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils.translation import gettext, override

from tests.source_files import PACKAGES, ROOT

LOCALE = ROOT / "locale"
TRANSLATED = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
PLACEHOLDERS = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def catalogue(code: str) -> polib.POFile:
    return polib.pofile(str(LOCALE / code / "LC_MESSAGES" / "django.po"))


def sentences(entries) -> set[tuple[str, str]]:
    return {(entry.msgctxt or "", entry.msgid) for entry in entries if not entry.obsolete}


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_sentence_is_translated(code):
    assert [entry.msgid for entry in catalogue(code).untranslated_entries()] == []


@pytest.mark.parametrize("code", [code for code, _name in settings.LANGUAGES])
def test_no_sentence_is_a_guess(code):
    assert [entry.msgid for entry in catalogue(code).fuzzy_entries()] == []
    # Half of a former sentence (the plural without the singular) is one on which `make messages` stops.
    assert "\n#|" not in (LOCALE / code / "LC_MESSAGES" / "django.po").read_text(encoding="utf-8")


def test_no_catalogue_keeps_what_is_no_longer_said():
    folders = (LOCALE, ROOT / "portal" / "locale_of_packages")
    files = [path for folder in folders for path in folder.glob("*/LC_MESSAGES/*.po")]
    assert len(files) == len(settings.LANGUAGES) + 4
    assert {
        str(path): old for path in files if (old := [one.msgid for one in polib.pofile(path).obsolete_entries()])
    } == {}


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_translation_keeps_the_placeholders(code):
    wrong = [
        entry.msgid
        for entry in catalogue(code)
        if not entry.obsolete
        and any(
            set(PLACEHOLDERS.findall(text)) - set(PLACEHOLDERS.findall(entry.msgid + entry.msgid_plural))
            for text in [entry.msgstr, *entry.msgstr_plural.values()]
        )
    ]
    assert wrong == []


@pytest.mark.parametrize("code", [code for code, _name in settings.LANGUAGES])
def test_catalogues_hold_the_same_sentences(code):
    assert sentences(catalogue(code)) == sentences(catalogue(settings.LANGUAGE_CODE))


def test_catalogues_hold_every_sentence_of_the_sources(tmp_path, monkeypatch):
    if not shutil.which("xgettext"):
        assert "CI" not in os.environ, "xgettext is missing: install gettext"
        pytest.skip("xgettext is not installed")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "locale").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(settings, "LOCALE_PATHS", [tmp_path / "locale"])
    call_command("makemessages", locale=["en"], verbosity=0)
    found = polib.pofile(str(tmp_path / "locale" / "en" / "LC_MESSAGES" / "django.po"))
    assert sentences(found) - sentences(catalogue("en")) == set()


def test_compiled_catalogues_say_what_the_sources_say(tmp_path, monkeypatch):
    source = Path(shutil.copytree(LOCALE, tmp_path / "locale", ignore=shutil.ignore_patterns("*.mo")))
    monkeypatch.setattr(settings, "LOCALE_PATHS", [source])
    call_command("compile_catalogues", verbosity=0)
    compiled = polib.mofile(str(source / "en" / "LC_MESSAGES" / "django.mo"))
    expected = {entry.msgid: entry.msgstr for entry in catalogue("en").translated_entries() if not entry.msgid_plural}
    assert {entry.msgid: entry.msgstr for entry in compiled if not entry.msgid_plural} == expected


def test_the_site_speaks_english():
    with override("en"):
        assert gettext("Aller au contenu") != "Aller au contenu"

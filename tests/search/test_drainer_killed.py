"""A drainer that is killed at any moment, while others save, loses nothing."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
IN_STEP = "0 missing, 0 stale, 0 extra, 0 waiting"

#: What editors do meanwhile: publish, change, withdraw, delete, and fail half-way.
EDITORS = """
    import random
    import django
    django.setup()
    from django.db import transaction
    from experiences.models import Experience
    from tests import factories

    chance = random.Random(7)
    pages = []
    for number in range(15):
        pages.append(factories.experience(title_fr=f"Fiche {number}").pk)
        page = Experience.objects.get(pk=chance.choice(pages))
        draft = page.get_latest_revision_as_object()
        draft.title_fr = f"Fiche changée {number}"
        draft.save_revision().publish()
        try:
            with transaction.atomic():
                Experience.objects.get(pk=chance.choice(pages)).unpublish()
                if number % 2:
                    raise RuntimeError
        except RuntimeError:
            pass
        if number % 6 == 5:
            Experience.objects.get(pk=pages.pop(0)).delete()
        print(number, flush=True)
"""


@pytest.fixture(scope="module")
def portal(tmp_path_factory) -> dict[str, str]:
    """The environment of a portal of its own: a database file and an index."""
    folder = tmp_path_factory.mktemp("portal")
    environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "SEARCH_PATH")}
    environment |= {
        "VAR_DIR": str(folder),
        "DEMO": "1",
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "PYTHONPATH": str(ROOT),
    }
    for command in ("migrate", "set_up", "search_rebuild"):
        manage(environment, command)
    return environment


def manage(environment: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def drainer(environment: dict[str, str]) -> subprocess.Popen:
    command = [sys.executable, str(ROOT / "manage.py"), "search_drain"]
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@pytest.mark.slow
def test_a_drainer_killed_again_and_again_loses_nothing(portal):
    program = [sys.executable, "-c", textwrap.dedent(EDITORS)]
    editors = subprocess.Popen(program, env=portal, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    chance = random.Random(3)  # noqa: S311
    killed = 0
    while editors.poll() is None:
        process = drainer(portal)
        time.sleep(chance.uniform(1.5, 3))
        process.send_signal(signal.SIGKILL)
        process.wait()
        killed += 1
    out, errors = editors.communicate()
    assert editors.returncode == 0, errors
    assert killed >= 2
    assert out.splitlines()[-1] == "14"
    manage(portal, "search_drain", "--once")
    assert manage(portal, "search_verify").strip() == IN_STEP


@pytest.mark.slow
def test_a_drainer_at_work_catches_up_builds_what_is_missing_and_lets_others_check(portal):
    for folder in (Path(portal["VAR_DIR"]) / "search").glob("v*"):
        (folder / "meta.json").write_text("rubbish")
    process = drainer(portal)
    try:
        # Counted, not timed: on a busy machine a check is slow to start, and so is the drainer. Its status is not asked: that
        # is 0 too where the new index is in use and what was drained meanwhile is yet to be asked for again.
        for _check in range(20):
            done = subprocess.run(
                [sys.executable, str(ROOT / "manage.py"), "search_verify"], env=portal, capture_output=True, text=True
            )
            if done.stdout.strip() == IN_STEP:
                break
        assert done.stdout.strip() == IN_STEP, done.stderr
    finally:
        process.terminate()
        process.wait()

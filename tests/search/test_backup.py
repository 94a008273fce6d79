"""A portal is copied while it is written, as docs/deployment.md says, and restored where nothing is."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from tests.portals import ROOT, manage, run, start

WRITE = """
import django; django.setup()
from pathlib import Path
from django.conf import settings
from django.core.files.base import ContentFile
from portal.models import File
from search.models import SearchMiss
from tests import factories
File.objects.create(title="Statuts", file=ContentFile(b"Statuts de la mutuelle", "statuts.txt"))
page, number = factories.experience(title_fr="Mutuelle de Dangbo"), 0
while not (settings.VAR_DIR / "enough").exists():
    number += 1
    SearchMiss.objects.create(query=f"{number}", language="fr")
    if number % 10 == 0:
        page = type(page).objects.get(pk=page.pk)
        page.summary_fr = f"Les pêcheurs cotisent, {number}."
        page.save_revision().publish()
"""
STATE = """
import django; django.setup()
import json
from portal.models import File, PortalPage
from search.engines import get_engine
from search.engines.base import Query
from search.models import SearchMiss
print(json.dumps({
    "written": [int(miss.query) for miss in SearchMiss.objects.order_by("pk")],
    "pages": list(PortalPage.objects.order_by("pk").values_list("slug", "live")),
    "files": [(file.filename, file.file.read().decode()) for file in File.objects.order_by("pk")],
    "found": [hit.id for hit in get_engine().search(Query(words="mutuelles pecheur")).hits],
}))
"""


def documented(beginning: str) -> str:
    """Return the command of docs/deployment.md that begins so."""
    text = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
    return re.search(rf"^{re.escape(beginning)}.*$", text, re.MULTILINE).group().partition("   #")[0]


def carry_out(command: str, environment: dict[str, str], folder: Path) -> None:
    """Run a documented command in a folder."""
    command = command.replace(".venv/bin/python", sys.executable)
    subprocess.run(["sh", "-ec", command], env=environment, cwd=folder, check=True)


def state_of(environment: dict[str, str]) -> dict:
    done = run(environment, "-c", STATE)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_what_was_copied_while_it_was_written_is_whole_where_it_is_restored(portal, tmp_path_factory):
    folder, backup = Path(portal["VAR_DIR"]), tmp_path_factory.mktemp("backup")
    manage(portal, "health", "files")
    writer = start(portal, "-c", WRITE)
    deadline = time.monotonic() + 120
    while written(folder) < 25:
        assert writer.poll() is None and time.monotonic() < deadline, (folder / "said").read_text()
        time.sleep(0.1)
    carry_out(documented(".venv/bin/python -c"), portal, backup)
    carry_out(documented("tar --create"), portal, backup)
    before = written(folder)
    (folder / "enough").touch()
    assert writer.wait(60) == 0, (folder / "said").read_text()
    manage(portal, "search_rebuild")
    whole = state_of(portal)

    empty = tmp_path_factory.mktemp("restored")
    restored = portal | {"VAR_DIR": str(empty), "SEARCH_INDEX": f"{portal['SEARCH_INDEX']}-restored"}
    (empty / "portal.sqlite3").write_bytes((backup / "portal.sqlite3").read_bytes())
    carry_out(documented("tar --extract"), restored, backup)
    for command in ("migrate", "set_up", "search_rebuild"):
        manage(restored, command)
    assert "0 missing, 0 stale, 0 extra" in manage(restored, "search_verify")
    state = state_of(restored)
    assert state["written"] == list(range(1, len(state["written"]) + 1))
    assert 25 <= len(state["written"]) <= before
    assert state | {"written": []} == whole | {"written": []}
    assert state["files"] == [["statuts.txt", "Statuts de la mutuelle"]] and state["found"]


def written(folder: Path) -> int:
    """Return how many rows the writer has written."""
    with sqlite3.connect(f"file:{folder / 'portal.sqlite3'}?mode=ro", uri=True, timeout=20) as database:
        return database.execute("SELECT count(*) FROM search_searchmiss").fetchone()[0]

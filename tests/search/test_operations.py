"""Editors at work while the drainer is killed again and again: in the end the index equals the database.

``OPERATIONS=10000 pytest tests/search/test_operations.py`` makes a long run of it.
"""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path

import pytest

from tests.portals import ROOT, manage, start

# As a test it is a short one; the drainer works for longer between two kills in a long run.
OPERATIONS = int(os.environ.get("OPERATIONS", "120"))
SEED = int(os.environ.get("SEED", "7"))


@pytest.mark.slow
def test_nothing_is_lost_by_rollbacks_and_kills(portal):
    editors = start(portal, "-m", "tests.search.operations", str(OPERATIONS), str(SEED))
    chance = random.Random(SEED)  # noqa: S311
    killed = 0
    while editors.poll() is None:
        drainer = start(portal, str(ROOT / "manage.py"), "search_drain")
        until = time.monotonic() + chance.uniform(3, 6) * (1 if OPERATIONS < 1_000 else 5)
        while time.monotonic() < until and editors.poll() is None:
            time.sleep(0.05)
        drainer.send_signal(signal.SIGKILL)
        drainer.wait()
        killed += 1
    said = (Path(portal["VAR_DIR"]) / "said").read_text()
    assert f"{OPERATIONS} operations" in said, said[-2_000:]
    assert killed >= 2
    # A kill loses nothing, and repairs nothing either: no --repair here.
    assert manage(portal, "search_verify") == "0 missing, 0 stale, 0 extra, 0 waiting"

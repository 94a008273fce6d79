"""A drainer finds a damaged index, builds it anew, and lets others check meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.portals import ROOT, run, start

IN_STEP = "0 missing, 0 stale, 0 extra, 0 waiting"


@pytest.mark.slow
@pytest.mark.parametrize("portal", ["tantivy"], indirect=True)
def test_a_drainer_at_work_catches_up_builds_what_is_missing_and_lets_others_check(portal):
    for folder in (Path(portal["VAR_DIR"]) / "search").glob("v*"):
        (folder / "meta.json").write_text("rubbish")
    drainer = start(portal, str(ROOT / "manage.py"), "search_drain")
    try:
        # Counted, not timed: on a busy machine a check is slow to start, and so is the drainer. Its status is not asked: that
        # is 0 too where the new index is in use and what was drained meanwhile is yet to be asked for again.
        for _check in range(20):
            done = run(portal, str(ROOT / "manage.py"), "search_verify")
            if done.stdout.strip() == IN_STEP:
                break
        assert done.stdout.strip() == IN_STEP, done.stderr
    finally:
        drainer.terminate()
        drainer.wait()

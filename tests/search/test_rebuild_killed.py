"""A rebuild that is killed at any stage loses no change that was made meanwhile."""

from __future__ import annotations

import signal

import pytest

from tests.portals import manage, run
from tests.search.rebuilds import STAGES


@pytest.mark.slow
def test_a_rebuild_killed_at_any_stage_loses_nothing(portal):
    for stage in STAGES:
        killed = run(portal, "-m", "tests.search.rebuilds", stage)
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        # No --repair: what was drained into the old index is drained again by itself.
        assert manage(portal, "search_verify") == "0 missing, 0 stale, 0 extra, 0 waiting", stage

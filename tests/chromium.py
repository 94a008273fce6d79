"""Where browser tests find a Chromium, and what is said where there is none."""

from __future__ import annotations

import os
import shutil

import pytest

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = "No Chromium was found: the browser tests are deselected (CHROMIUM=/path/to/chromium runs them)."


def find() -> str | None:
    """Return the path of a Chromium: that of CHROMIUM, or the first of the usual names; None where there is none."""
    return os.environ.get("CHROMIUM") or next((path for name in NAMES if (path := shutil.which(name))), None)


def require_in_ci() -> None:
    """Stop the run in CI, where nothing is skipped, if there is no Chromium."""
    if os.environ.get("CI") and not find():
        raise pytest.UsageError("No Chromium was found, and in CI the browser tests must run.")


def deselect_where_missing(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Take the browser tests out of a run that has no Chromium."""
    if find():
        return
    without = [item for item in items if item.get_closest_marker("browser")]
    if without:
        config.hook.pytest_deselected(items=without)
        items[:] = [item for item in items if not item.get_closest_marker("browser")]

"""How often a visitor may ask, in the cache that is in use: files, which forget the time to live of what they count."""

from __future__ import annotations

import pytest

from portal import throttling


@pytest.fixture
def clock(settings, tmp_path, monkeypatch):
    """Return a list whose only number is the time."""
    settings.CACHES = settings.CACHES | {
        "default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": str(tmp_path)}
    }
    now = [1_800_000_000.0]
    monkeypatch.setattr("time.time", lambda: now[0])
    return now


def test_what_was_asked_counts_for_an_hour_and_no_longer(rf, clock):
    request = rf.get("/")
    answers = []
    for _time in range(4):
        answers.append(throttling.exceeded("test", request, 3))
        clock[0] += 600  # longer than a cache keeps what is not told otherwise
    assert answers == [False, False, False, True]
    clock[0] += 3600
    assert not throttling.exceeded("test", request, 3)


def test_each_visitor_and_each_thing_is_counted_apart(rf, clock):
    assert not throttling.exceeded("test", rf.get("/"), 1)
    assert throttling.exceeded("test", rf.get("/"), 1)
    assert not throttling.exceeded("other", rf.get("/"), 1)
    assert not throttling.exceeded("test", rf.get("/", REMOTE_ADDR="192.0.2.7"), 1)

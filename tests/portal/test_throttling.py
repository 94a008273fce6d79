"""How often a visitor may ask, in the caches that are in use: files, and the database that several web hosts share."""

from __future__ import annotations

import pytest
from django.core.cache import caches
from django.core.management import call_command

from portal import throttling

BACKENDS = "django.core.cache.backends."


@pytest.fixture(params=["filebased.FileBasedCache", "db.DatabaseCache"])
def clock(request, db, settings, tmp_path, monkeypatch):
    """Return a list whose only number is the time."""
    location = "tried_cache" if request.param == "db.DatabaseCache" else str(tmp_path)
    settings.CACHES = settings.CACHES | {"default": {"BACKEND": BACKENDS + request.param, "LOCATION": location}}
    call_command("createcachetable")
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


def test_hosts_that_share_a_database_count_together(rf, db, settings):
    settings.CACHES = settings.CACHES | {
        "default": {"BACKEND": f"{BACKENDS}db.DatabaseCache", "LOCATION": "tried_cache"}
    }
    call_command("createcachetable")
    answers = []
    for _host in range(3):
        caches.close_all()
        del caches["default"]  # each host has an object of its own
        answers.append(throttling.exceeded("test", rf.get("/"), 2))
    assert answers == [False, False, True]

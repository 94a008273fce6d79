"""compose.yaml and Dockerfile keep in step with the project; .ci/deployed.py runs what they say."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from itertools import pairwise
from typing import Any

import pytest
import yaml
from django.core.management import get_commands

from portal.home.health import CHECKS
from tests.source_files import PACKAGES, ROOT
from tests.test_docs import environment_of

COMPOSE_TEXT = (ROOT / "compose.yaml").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load(COMPOSE_TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
DOCUMENTED = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
# What the file asks for: it holds no secret itself.
GIVEN = dict.fromkeys(re.findall(r"\$\{(\w+):\?", COMPOSE_TEXT), "long-and-random-" + "0123456789" * 5) | {
    "PORTAL_HOST": "portal.example"
}
VARIABLE = re.compile(r"\$\{(\w+)(?::[?-]((?:[^{}]|\$\{\w+\})*))?\}")


def interpolated(text: str) -> str:
    return VARIABLE.sub(lambda found: GIVEN.get(found[1]) or interpolated(found[2] or ""), text)


def words_of(service: dict[str, Any]) -> list[str]:
    """All words of a service's command and check."""
    return " ".join([*service.get("command", []), *service.get("healthcheck", {}).get("test", [])]).split()


def test_each_command_exists_and_each_check_too():
    named = {
        after for service in SERVICES.values() for word, after in pairwise(words_of(service)) if word == "manage.py"
    }
    assert named == {"migrate", "set_up", "db_worker", "search_drain", "keep_time", "health"}
    assert named <= get_commands().keys()
    asked = {after for service in SERVICES.values() for word, after in pairwise(words_of(service)) if word == "health"}
    assert asked == {"queue", "index", "schedule"}
    assert asked <= CHECKS.keys()


def test_the_settings_read_each_variable_that_the_parts_are_given():
    read = environment_of(ROOT / "portal" / "settings.py")
    for service in OURS.values():
        assert service["environment"].keys() <= read
    last_stage = DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :]
    names = set(re.findall(r"\b([A-Z_]+)=", " ".join(re.findall(r"^ENV (.*)$", last_stage, re.MULTILINE))))
    assert names - {"PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"} <= read


def test_the_parts_start_as_in_production_with_what_they_are_given(tmp_path):
    given = {name: interpolated(value) for name, value in OURS["web"]["environment"].items()}
    assert not {"DEMO", "DEBUG"} & given.keys()
    inherited = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "portal.settings"}
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=inherited | given,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def test_no_secret_stands_in_the_files():
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if re.search("SECRET|PASSWORD|_KEY|_URL", name):
                assert "${" in value, name
    assert {"SECRET_KEY", "DATABASE_PASSWORD", "SEARCH_PASSWORD"} <= GIVEN.keys()


def test_every_part_is_checked_started_again_and_heard():
    for name, service in SERVICES.items():
        once = service["restart"] == "no"
        assert once or service["restart"] == "unless-stopped", name
        assert once or service.get("healthcheck", {}).get("test") or name == "web", name  # that of the image
        assert service["logging"]["options"].keys() == {"max-size", "max-file"}
    for name, service in OURS.items():
        assert service["read_only"] and service["init"] and service["cap_drop"] == ["ALL"], name
        assert name == "set_up" or service["depends_on"] == {"set_up": {"condition": "service_completed_successfully"}}
    assert re.search(r"^USER \d+:\d+$", DOCKERFILE, re.MULTILINE)
    named = {volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])}
    assert named == COMPOSE["volumes"].keys()


@pytest.mark.parametrize("text", [COMPOSE_TEXT, DOCKERFILE])
def test_each_path_that_is_probed_answers(client, text):
    paths = re.findall(r"http://127\.0\.0\.1:8000(/\w+)|health_uri (/\w+)", text)
    assert paths
    for path in paths:
        assert client.get(path[0] or path[1]).status_code == 200


def test_what_is_built_on_is_pinned_and_fits():
    images = [service["image"] for service in SERVICES.values() if "build" not in service]
    images += re.findall(
        r"^(?:FROM|ARG PYTHON=)\s*(\S+?)(?: AS \w+)?$", DOCKERFILE.replace("ARG PYTHON=", "FROM python:"), re.M
    )
    tags = {image.rsplit("/", 1)[-1].split(":")[0]: image.rpartition(":")[2] for image in images if "$" not in image}
    assert tags.keys() == {"postgres", "elasticsearch", "caddy", "python", "uv"}
    assert all(re.match(r"\d+\.\d+", tag) for tag in tags.values()), tags
    least = tuple(map(int, re.search(r">=(\d+)\.(\d+)", PROJECT["project"]["requires-python"]).groups()))
    assert tuple(map(int, tags["python"].split(".")[:2])) >= least
    client = next(package["version"] for package in LOCK["package"] if package["name"] == "elasticsearch")
    assert tags["elasticsearch"].split(".")[0] == client.split(".")[0]
    extras = set(re.findall(r"--extra (\w+)", DOCKERFILE))
    assert extras == PROJECT["project"]["optional-dependencies"].keys()


def test_the_image_gets_what_runs_the_portal_and_nothing_else():
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert "*" in lines
    let_in = {line[1:] for line in lines if line.startswith("!")}
    assert let_in == {*PACKAGES, "locale", "static", "manage.py", "pyproject.toml", "uv.lock"}
    assert all((ROOT / name).exists() for name in let_in)


def test_the_web_server_is_that_of_the_image_and_answers_where_it_is_asked():
    command = json.loads(re.findall(r"^CMD (.*)$", DOCKERFILE, re.MULTILINE)[-1])
    assert command[:2] == ["gunicorn", "portal.wsgi"]
    assert "command" not in SERVICES["web"]
    assert command[command.index("--bind") + 1] == "0.0.0.0:8000"
    assert "reverse_proxy web:8000" in COMPOSE["configs"]["caddyfile"]["content"]


def test_every_part_and_every_variable_is_documented():
    assert [name for name in SERVICES if f"`{name}`" not in DOCUMENTED] == []
    variables = set(re.findall(r"(?<!\$)\$\{(\w+)", COMPOSE_TEXT))
    assert [name for name in sorted(variables) if f"`{name}`" not in DOCUMENTED] == []

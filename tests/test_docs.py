"""What is documented is what there is: every setting of the environment and every command."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.source_files import PACKAGES, ROOT, python_files, tree_of


def documented(name: str) -> set[str]:
    """Return what a page of docs/ explains: the first cell of each row of its tables."""
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    return {found for row in re.findall(r"^\| (`[^|]*`)", text, re.MULTILINE) for found in re.findall(r"`([\w]+)", row)}


def environment_of(path: Path) -> set[str]:
    """Return the environment variables that the settings read."""
    return {
        call.args[0].value
        for call in ast.walk(tree_of(path))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and getattr(call.func.value, "id", "") == "env"
        and isinstance(call.args[0], ast.Constant)
    }


def test_every_environment_variable_is_explained_and_no_other():
    assert documented("settings.md") == environment_of(ROOT / "portal" / "settings.py")


def test_every_command_is_explained_and_no_other():
    commands = {
        path.stem
        for path in python_files(*PACKAGES)
        if path.parent.name == "commands" and path.parent.parent.name == "management" and path.stem != "__init__"
    }
    assert documented("commands.md") == commands


def test_every_target_of_make_explains_itself():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = set(re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE).group(1).split())
    assert set(re.findall(r"^(\w+):.*## ", makefile, re.MULTILINE)) == phony


def test_links_inside_the_documentation_lead_somewhere():
    broken = [
        f"{page.name}: {target}"
        for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
        for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert not broken

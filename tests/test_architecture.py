"""The order of the apps and the size of things, as docs/architecture.md decides them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from tests.source_files import PACKAGES, module_of, name_of, python_files, tree_of

# Each layer may import those above it. What names items, or composes the whole, comes later, although it lies in `portal`.
LAYERS = (
    ("portal",),
    ("knowledge",),
    ("portal.contact",),
    ("networks",),
    ("experiences",),
    ("search",),
    ("portal.home", "portal.demo", "portal.bench", "portal.urls", "portal.settings", "portal.wsgi"),
)
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "services"}
LONGEST_FILE = 400
LONGEST_FUNCTION = 50


def layer_of(module: str) -> int | None:
    """Return the place of a module in the order; None for what is not ours."""
    candidates = [
        (len(prefix), number)
        for number, prefixes in enumerate(LAYERS)
        for prefix in prefixes
        if module == prefix or module.startswith(f"{prefix}.")
    ]
    return max(candidates)[1] if candidates else None


def imports_of(path: Path) -> Iterator[tuple[int, str]]:
    """Yield line and module of each import of a file, those inside functions too."""
    package = module_of(path) if path.name == "__init__.py" else module_of(path).rpartition(".")[0]
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package.rsplit(".", node.level - 1)[0] if node.level else ""
            module = ".".join(part for part in (base, node.module) if part)
            # `from portal import settings` imports a module that stands elsewhere in the order than its package.
            yield from ((node.lineno, f"{module}.{alias.name}") for alias in node.names)


def test_the_order_is_read_as_it_is_meant():
    assert (
        layer_of("portal.pages")
        < layer_of("knowledge.items")
        < layer_of("search.views")
        < layer_of("portal.home.models")
    )
    assert layer_of("django.db") is None
    assert layer_of("portal.homely") == layer_of("portal")


def test_no_app_imports_one_below_it():
    wrong = [
        f"{name_of(path)}:{line} imports {module}"
        for path in python_files(*PACKAGES)
        for line, module in imports_of(path)
        if (layer_of(module) or 0) > (layer_of(module_of(path)) or 0)
    ]
    assert not wrong


def test_no_foreign_key_points_to_an_app_below():
    wrong = [
        f"{model.__module__}.{model.__name__}.{field.name} points to {field.related_model.__name__}"
        for model in apps.get_models(include_auto_created=True)
        if layer_of(model.__module__) is not None
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey | models.ManyToManyField)
        and (layer_of(field.related_model.__module__) or 0) > layer_of(model.__module__)
    ]
    assert not wrong


def test_every_name_says_what_is_inside():
    wrong = [
        name_of(path)
        for path in python_files(*PACKAGES, "tests")
        if FORBIDDEN_NAMES & {part.removeprefix("test_").removesuffix("_tags") for part in path.with_suffix("").parts}
    ]
    assert not wrong


def test_no_file_is_two_things():
    lengths = {name_of(path): path.read_bytes().count(b"\n") for path in python_files(*PACKAGES, "tests")}
    assert not {name: length for name, length in lengths.items() if length > LONGEST_FILE}


def test_no_function_is_too_long_to_read():
    lengths = {
        f"{name_of(path)}:{node.lineno} {node.name}": node.end_lineno - node.lineno + 1
        for path in python_files(*PACKAGES, "tests")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert not {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION}


@pytest.mark.parametrize("package", PACKAGES)
def test_receivers_listen_in_receivers_only(package):
    """Side effects of a signal are found in one place per app (portal has one per subject)."""
    wrong = [
        f"{name_of(path)}:{node.lineno}"
        for path in python_files(package)
        if path.name != "receivers.py"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef)
        and any(
            isinstance(call, ast.Call) and getattr(call.func, "id", "") == "receiver" for call in node.decorator_list
        )
    ]
    assert not wrong

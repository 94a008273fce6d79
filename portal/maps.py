"""Maps of countries, drawn by the server: numbers of items as tints of one colour, each country a link, the list as its text."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from portal import countries

SHAPES = Path(__file__).parent / "data" / "map_shapes.json"
# Which of the four tints show one, two, three or four classes.
TINTS = {1: (3,), 2: (2, 4), 3: (1, 2, 4), 4: (1, 2, 3, 4)}
# A number is written on a country that leaves it so much room, in units of the drawing: some, and more for each digit.
ROOM, ROOM_OF_DIGIT = 4, 3


@cache
def shapes() -> dict[str, dict[str, Any]]:
    """Return the outlines of countries, by frame: "africa" (West and Central, large) and "world"."""
    return json.loads(SHAPES.read_text(encoding="utf-8"))["frames"]


def drawn(
    numbers: Mapping[str, int], address: Callable[[str], str], *, frames: Sequence[str] = (), link_gaps: bool = True
) -> dict[str, Any]:
    """Return what components/map.html shows of {country code: number of items}.

    Without `frames`, West and Central Africa, and the world where it has something to tell beside it. `address` gives a
    country's link; countries without any item are links too unless `link_gaps` is false.
    """
    numbers = {code: number for code, number in numbers.items() if number > 0}
    classes = limits(max(numbers.values(), default=0))
    near, far = shapes()["africa"]["countries"], shapes()["world"]["countries"]
    frames = frames or (
        ("africa", "world") if any(code in far and code not in near for code in numbers) else ("africa",)
    )
    return {
        "frames": [_frame(frame, numbers, classes, address, link_gaps) for frame in frames],
        "legend": [(tint, _range(lower, upper)) for tint, lower, upper in classes],
    }


def listed(numbers: Mapping[str, int], address: Callable[[str], str]) -> list[dict[str, Any]]:
    """Return the same as text for components/key_values.html: most items first, then by name; what is no country last."""
    order = sorted(numbers, key=lambda code: (not countries.exists(code), -numbers[code], collation(code)))
    return [{"label": name(code), "url": address(code), "count": numbers[code]} for code in order]


def listed_near_first(numbers: Mapping[str, int], address: Callable[[str], str]) -> list[dict[str, Any]]:
    """Return the same with West and Central Africa before the rest of the world."""
    near, far = near_and_far(numbers)
    return listed(near, address) + listed(far, address)


def near_and_far(numbers: Mapping[str, int]) -> tuple[dict[str, int], dict[str, int]]:
    """Return the numbers of West and Central Africa, and those of the rest of the world."""
    near = {code: number for code, number in numbers.items() if code in countries.WEST_AND_CENTRAL_AFRICA}
    return near, {code: number for code, number in numbers.items() if code not in near}


def gaps(numbers: Mapping[str, int]) -> list[str]:
    """Return the countries of West and Central Africa that no item speaks of, by name."""
    return sorted((code for code in countries.WEST_AND_CENTRAL_AFRICA if not numbers.get(code)), key=collation)


def name(code: str) -> str:
    """Return a country's name in the visitor's language; a code that is none says so."""
    return countries.name(code) if countries.exists(code) else _("Pays inconnu (%(code)s)") % {"code": code}


def collation(code: str) -> str:
    """Return the key that sorts countries by name."""
    return countries.collation(name(code))


def limits(most: int) -> list[tuple[int, int, int]]:
    """Return up to four classes as (tint, lower, upper): each some times wider than the one before, up to `most`."""
    number = min(most, 4)
    upper: list[int] = []
    for step in range(1, number + 1):
        upper.append(max(round(most ** (step / number)), upper[-1] + 1 if upper else 1))
    lower = [1, *(limit + 1 for limit in upper)]
    return [
        (tint, lower[place], limit)
        for place, (tint, limit) in enumerate(zip(TINTS.get(number, ()), upper, strict=True))
    ]


def _range(lower: int, upper: int) -> str:
    return str(lower) if lower == upper else f"{lower}–{upper}"


def _frame(
    frame: str,
    numbers: Mapping[str, int],
    classes: list[tuple[int, int, int]],
    address: Callable[[str], str],
    link_gaps: bool,
) -> dict[str, Any]:
    shape, near = shapes()[frame], shapes()["africa"]["countries"]
    return {
        "name": frame,
        "width": shape["width"],
        "height": shape["height"],
        "land": shape["land"],
        "countries": [
            {
                "name": name(code),
                "number": (number := numbers.get(code, 0)),
                "url": address(code) if number or link_gaps else "",
                "path": path,
                "tint": next((tint for tint, _lower, upper in classes if 0 < number <= upper), 0),
                "label": (x, y) if _has_room(number, room) and not (shape["land"] and code in near) else None,
            }
            for code, (path, x, y, room) in shape["countries"].items()
            if numbers.get(code) or not shape["land"]
        ],
    }


def _has_room(number: int, room: int) -> bool:
    return number > 0 and room >= ROOM + ROOM_OF_DIGIT * len(str(number))

"""Make the file that the maps are drawn from (see portal/map_shapes.py); only for who changes its frames or its precision."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from portal import map_shapes
from portal.maps import SHAPES

ABOUT = "Natural Earth 1:110m, public domain; simplified by manage.py make_map_shapes"


class Command(BaseCommand):
    """Read countries as TopoJSON and write the outlines of each frame."""

    help = "Make portal/data/map_shapes.json from countries-110m.json (Natural Earth as TopoJSON, npm package world-atlas)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("topology", type=Path, help="the file countries-110m.json")

    def handle(self, *args: Any, **options: Any) -> None:
        frames = map_shapes.shapes(json.loads(options["topology"].read_text()))
        text = json.dumps({"about": ABOUT, "frames": frames}, ensure_ascii=False, separators=(",", ":"))
        SHAPES.parent.mkdir(exist_ok=True)
        SHAPES.write_text(text.replace('"],"', '"],\n"').replace('],"', '],\n"') + "\n", encoding="utf-8")
        self.stdout.write(f"{SHAPES.name}: {len(text)} bytes")

"""Takes the pictures of README.md from the demonstration that runs on this machine: `make pictures`.

Each is a page as a visitor or as staff see it, in the languages and sizes that the README speaks of.
"""

from __future__ import annotations

import sys
from io import BytesIO
from typing import NamedTuple

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests import chromium
from tests.source_files import ROOT

FOLDER = ROOT / "docs" / "images"
COLOURS = 256  # enough for a light file whose colours are those of the page


class Picture(NamedTuple):
    """A file's name, what it shows, the size of the window, who looks, and whether in the dark."""

    name: str
    address: str
    width: int
    height: int
    account: str = ""
    dark: bool = False


PICTURES = [
    Picture("home", "/fr/", 1280, 1000),
    Picture("search-phone", "/fr/search/?q=tiers+payant+mutuelle", 390, 1100),
    Picture("home-phone", "/en/", 390, 1100, dark=True),
    Picture("experience", "/fr/experiences/mutuelles-de-sante-rwanda/", 1280, 1300),
    Picture("staff", "/admin/", 1280, 900, account="publisher"),
]


def take(browser: Browser, base: str, picture: Picture) -> None:
    """Save one picture."""
    window = browser.new_page(
        locale="fr-FR",
        viewport={"width": picture.width, "height": picture.height},
        color_scheme="dark" if picture.dark else "light",
    )
    if picture.account:
        log_in(window, base, picture.account)
    window.goto(base + picture.address)
    window.wait_for_load_state("networkidle")
    image = Image.open(BytesIO(window.screenshot()))
    # By coverage: the few points of a small coloured glyph keep their colours.
    image.convert("RGB").quantize(COLOURS, Image.Quantize.MAXCOVERAGE).save(
        FOLDER / f"{picture.name}.png", optimize=True
    )
    window.close()


def log_in(window: Page, base: str, account: str) -> None:
    """Log in with an account of the demonstration."""
    window.goto(f"{base}/admin/login/")
    window.fill("[name=username]", account)
    window.fill("[name=password]", "demonstration")
    window.click("button[type=submit]")
    window.wait_for_url("**/admin/")


def main(base: str) -> None:
    """Take all pictures from the demonstration at `base`."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.ARGUMENTS)
        for picture in PICTURES:
            take(browser, base, picture)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])

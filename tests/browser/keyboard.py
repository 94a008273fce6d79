"""Hands that have nothing but a keyboard: no pointer, no focus set from outside; and what has the focus is always seen."""

from __future__ import annotations

from playwright.sync_api import Page

FAR = 200
# What has the focus, whether a selector names it, and whether it is on the screen with a frame around it or its box.
FOCUS = """selector => {
    const now = document.activeElement;
    const area = now.getBoundingClientRect();
    const onScreen = area.bottom > 0 && area.right > 0 && area.top < innerHeight && area.left < innerWidth;
    const framed = [now, now.parentElement].some(one => getComputedStyle(one).outlineStyle !== "none");
    return { there: now.matches(selector), seen: now === document.body || (onScreen && framed) };
}"""


def tab_to(page: Page, selector: str, *, back: bool = False) -> None:
    """Press Tab until what a selector names has the focus; on the way, the focus is always seen."""
    for _press in range(FAR):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        focus = page.evaluate(FOCUS, selector)
        if not focus["seen"]:
            page.wait_for_function(f"selector => ({FOCUS})(selector).seen", arg=selector)
        if focus["there"]:
            return
    raise AssertionError(f"{selector} cannot be reached")


def write(page: Page, selector: str, words: str, **where: bool) -> None:
    """Go to a field and type."""
    tab_to(page, selector, **where)
    page.keyboard.type(words)


def press(page: Page, selector: str, key: str = "Enter", **where: bool) -> None:
    """Go to a button, a link or a box and press it."""
    tab_to(page, selector, **where)
    page.keyboard.press(key)

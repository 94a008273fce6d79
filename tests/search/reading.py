"""Lists as a visitor reads them."""

from __future__ import annotations

import re


def get(client, address: str, status: int = 200, **headers) -> str:
    answer = client.get(address, headers=headers)
    assert answer.status_code == status, answer
    return answer.content.decode()


def titles(html: str) -> list[str]:
    """Titles of the results, without marks."""
    found = re.findall(r'<h[23] class="item-title"[^>]*><a[^>]*>(.*?)</a>', html)
    return [re.sub("</?mark>", "", title) for title in found]


def options(html: str, name: str) -> dict[str, int]:
    """Values of a facet with their counts."""
    pattern = rf'name="{name}" value="([^"]+)"[^>]*>.*?<span class="count">(\d+)</span>'
    return {value: int(count) for value, count in re.findall(pattern, html)}

"""A progress bar for commands that go through all documents."""

from __future__ import annotations

from django.core.management.base import OutputWrapper

WIDTH = 40


class Progress:
    """Call it with the number done. On a terminal a bar; elsewhere nothing."""

    def __init__(self, stream: OutputWrapper, total: int) -> None:
        self._stream = stream
        self._total = total
        self._step = max(1, total // 200)
        self._shown = stream.isatty()

    def __call__(self, done: int) -> None:
        if self._shown and (done % self._step == 0 or done == self._total):
            share = min(1.0, done / self._total) if self._total else 1.0
            filled = round(WIDTH * share)
            self._stream.write(f"\r[{'=' * filled}{' ' * (WIDTH - filled)}] {done}/{self._total}", ending="")
            self._stream.flush()

    def end(self) -> None:
        """Leave the bar's line."""
        if self._shown:
            self._stream.write("")

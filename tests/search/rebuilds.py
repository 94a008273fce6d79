"""A rebuild that is killed while people save: ``python -m tests.search.rebuilds STAGE``, on the portal of the environment."""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

#: Where the rebuild is killed: when all was read, when the new index is in use, when what was drained waits again.
STAGES = ("swapped", "followed", "read")


def main(stage: str) -> None:
    """Rebuild; meanwhile an item appears, one changes and one goes, and all that is drained into the old index."""
    import django  # noqa: PLC0415

    django.setup()
    from experiences.models import Experience  # noqa: PLC0415
    from search import indexing  # noqa: PLC0415
    from search.models import OutboxQuerySet  # noqa: PLC0415
    from tests import factories  # noqa: PLC0415

    changed, gone = factories.experience(title_fr="Avant"), factories.experience(title_fr="Retirée")
    indexing.drain_all()
    whole = indexing.all_documents

    def end(*values: Any) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def documents(broken: dict[str, str]) -> Any:
        yield from whole(broken)
        factories.experience(title_fr="Nouvelle")
        draft = changed.get_latest_revision_as_object()
        draft.title_fr = "Pendant"
        draft.save_revision().publish()
        Experience.objects.get(pk=gone.pk).unpublish()
        indexing.drain_all()
        if stage == "read":
            end()
        elif stage == "swapped":
            indexing.follow_up = end
        else:
            OutboxQuerySet.put_off = end  # type: ignore[method-assign]

    indexing.all_documents = documents
    indexing.rebuild()


if __name__ == "__main__":
    main(sys.argv[1])

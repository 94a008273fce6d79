"""What editors do all day, at random but the same for the same seed: ``python -m tests.search.operations NUMBER SEED``.

Runs on the portal that the environment names, beside a drainer that others kill. Every fourth operation or so fails in the
end and takes back all that it wrote; so do those that the rules of publication refuse.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable

#: Items at most, so that a long run stays a portal of ordinary size.
ITEMS = 120


class Undone(Exception):
    """An operation that fails when all was written."""


class Editors:
    """Carries out operations, and remembers the items that there are."""

    def __init__(self, seed: int) -> None:
        from tests import factories  # noqa: PLC0415  (Django is set up first)

        self.chance = random.Random(seed)  # noqa: S311
        self.factories = factories
        self.pages: list[int] = []
        self.operations: list[Callable[[int], None]] = [
            self.create, self.create, self.edit, self.edit, self.edit, self.unpublish, self.publish, self.translate,
            self.withdraw, self.move, self.delete, self.rename_concept, self.rename_person, self.hide,
        ]  # fmt: skip

    def run(self, number: int) -> None:
        """One operation, with its transaction."""
        from django.db import transaction  # noqa: PLC0415

        from portal.publication import PublicationRefused  # noqa: PLC0415

        before = list(self.pages)
        operation = self.chance.choice(self.operations) if self.pages else self.create
        if operation == self.create and len(self.pages) >= ITEMS:
            operation = self.delete
        undone = self.chance.random() < 0.25
        try:
            with transaction.atomic():
                operation(number)
                if undone:
                    raise Undone
        except (Undone, PublicationRefused):
            self.pages = before

    def create(self, number: int) -> None:
        public = self.chance.random() < 0.8
        self.pages.append(self.factories.experience(publish=public, title_fr=f"Fiche {number}").pk)

    def edit(self, number: int) -> None:
        """Change a text; sometimes the draft only."""
        draft = self._page().get_latest_revision_as_object()
        draft.title_fr = f"Fiche changée {number}"
        draft.description_fr = f"<p>Le récit {number}.</p>"
        revision = draft.save_revision()
        if self.chance.random() < 0.8:
            revision.publish()

    def publish(self, number: int) -> None:
        self._page().get_latest_revision().publish()

    def unpublish(self, number: int) -> None:
        self._page().unpublish()

    def translate(self, number: int) -> None:
        """Publish a translation, or its title and summary only."""
        from portal.languages import State  # noqa: PLC0415

        state = self.chance.choice([State.SUMMARY, State.PUBLISHED])
        texts = {"title": f"Item {number}", "description": f"<p>The story {number}.</p>"}
        self.factories.translate(self._page(), self.chance.choice(["en", "es", "pt"]), state, **texts)

    def withdraw(self, number: int) -> None:
        """Take translations off the site."""
        draft = self._page().get_latest_revision_as_object()
        for code in ("en", "es", "pt"):
            setattr(draft, f"language_state_{code}", "draft")
        draft.save_revision().publish()

    def move(self, number: int) -> None:
        """To the other catalogue, with what is below."""
        from knowledge.models import ItemIndexPage  # noqa: PLC0415

        page = self._page()
        parents = ItemIndexPage.objects.exclude(pk=page.get_parent().pk)
        page.move(self.chance.choice(list(parents.order_by("pk"))), pos="last-child")

    def delete(self, number: int) -> None:
        page = self._page()
        self.pages.remove(page.pk)
        page.delete()

    def hide(self, number: int) -> None:
        """Off the site by the row alone, as a process that is killed half-way leaves it."""
        page = self._page()
        page.live = False
        page.save(clean=False)

    def rename_concept(self, number: int) -> None:
        from knowledge.models import Concept  # noqa: PLC0415

        concept = Concept.objects.get(slug=self.chance.choice(["mutuelle-de-sante", "spsc", "mecanismes"]))
        concept.label_fr = f"{concept.slug} {number}"
        concept.save()

    def rename_person(self, number: int) -> None:
        from knowledge.models import Person  # noqa: PLC0415

        person = self.chance.choice(list(Person.objects.order_by("pk")))
        person.name = f"Personne {number}"
        person.save()

    def _page(self):
        from experiences.models import Experience  # noqa: PLC0415

        return Experience.objects.get(pk=self.chance.choice(self.pages))


def main(number: int, seed: int) -> None:
    """Carry out ``number`` operations; say so when all are done."""
    import django  # noqa: PLC0415

    django.setup()
    editors = Editors(seed)
    for done in range(number):
        editors.run(done)
    print(f"{number} operations")  # noqa: T201


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))

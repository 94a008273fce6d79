from django.core.management.base import BaseCommand

from portal.home.corpus import make


class Command(BaseCommand):
    help = "Adds synthetic items, marked as such, for measurements."

    def add_arguments(self, parser) -> None:
        parser.add_argument("items", type=int)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, items: int, seed: int, **options) -> None:
        make(items, say=lambda number: self.stdout.write(f"{number:,} / {items:,}"), seed=seed)

from django.core.management.base import BaseCommand

from portal.home.setup import set_up


class Command(BaseCommand):
    help = "Creates the tree, the groups, the review and the thesaurus where they are missing. Safe to run again."

    def handle(self, **options) -> None:
        set_up()

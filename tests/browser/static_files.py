"""Files for browsers, quickly made."""

from __future__ import annotations

from collections.abc import Iterable

from whitenoise.storage import CompressedManifestStaticFilesStorage

OURS = ("css/", "js/", "img/", "django_htmx/")


class OwnFilesCompressed(CompressedManifestStaticFilesStorage):
    """Compresses what a visitor of the portal gets, as in production, and not the files of the admin."""

    def compress_files(self, paths: Iterable[str]):
        """Compress the files of public pages among the paths."""
        return super().compress_files([path for path in paths if path.startswith(OURS)])

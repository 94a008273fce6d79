"""The settings of a demonstration, but for one thing: Wagtail's files for browsers are not compressed, which takes long."""

from portal.settings import *  # noqa: F403
from portal.settings import STORAGES

STORAGES["staticfiles"] = {"BACKEND": "tests.browser.static_files.OwnFilesCompressed"}

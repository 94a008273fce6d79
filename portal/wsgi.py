"""What gunicorn calls: `portal.wsgi:application`."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
application = get_wsgi_application()
# What is there now stays: the collector of garbage need not look at it again and again.
gc.collect()
gc.freeze()

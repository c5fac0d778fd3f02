"""The WSGI entry point: Django, and before it what answers published pages by itself."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from config.runtime import services

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

if settings.EMBEDDED:
    services.attach()

django_application = get_wsgi_application()

from config.front import Front  # noqa: E402 - it knows models, which are there from here on

application = Front(django_application)

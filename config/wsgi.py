"""The WSGI entry point."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from config.runtime import services

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

if settings.EMBEDDED:
    services.attach()

application = get_wsgi_application()

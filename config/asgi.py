"""The ASGI entry point."""

import os

from django.conf import settings
from django.core.asgi import get_asgi_application

from config.runtime import services

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

if settings.EMBEDDED:
    services.attach()

application = get_asgi_application()

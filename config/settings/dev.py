"""Development and demonstration: embedded services, readable errors, mail to the console."""

from config import env
from config.settings.base import *

# A demonstration shows the designed error pages, not the debugger.
DEBUG = not env.DEMO
SECRET_KEY = env.SECRET_KEY or "development-only-secret-that-production-refuses"
IDENTITY_KEY = env.IDENTITY_KEY or SECRET_KEY
LETTER_KEY = env.LETTER_KEY or SECRET_KEY
TIP_KEY = env.TIP_KEY or SECRET_KEY
SECOND_FACTOR_KEY = env.SECOND_FACTOR_KEY or SECRET_KEY
SECOND_FACTOR_DEMANDED = not env.DEMO
ALLOWED_HOSTS = env.ALLOWED_HOSTS or ["localhost", "127.0.0.1", "[::1]"]
CLOCK_MOVABLE = env.CLOCK_MOVABLE or env.DEMO
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = env.VAR_DIR / "mail"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True

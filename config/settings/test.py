"""Tests: a database of their own (tests/conftest.py makes it), a movable clock, mail kept in memory.

Messages published by a test that started no worker go to a broker in memory and nowhere further. Pipeline
tests start a real worker on a real Valkey and point both sides to it (the fixture `celery_worker_process`).
"""

from config import env
from config.settings.base import *
from config.settings.base import BASE_DIR, DATABASES, REST_FRAMEWORK

SECRET_KEY = "only-the-tests-use-this-secret"  # noqa: S105
IDENTITY_KEY = SECRET_KEY
LETTER_KEY = SECRET_KEY
TIP_KEY = SECRET_KEY
CERTIFICATE_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
SECOND_FACTOR_KEY = SECRET_KEY
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
LOOKUP_COUNTS_STORED_SECONDS = 0
PUBLISHED_DIR = env.PUBLISHED_DIR or None  # tests that publish files give a folder of their own
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
CLOCK_MOVABLE = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATICFILES_DIRS = [folder for folder in (BASE_DIR / "static",) if folder.exists()]
WHITENOISE_AUTOREFRESH = True
CELERY_BROKER_URL = env.CELERY_BROKER_URL or "memory://"
CELERY_TASK_DEFAULT_QUEUE_TYPE = "classic"
DATABASES["default"]["NAME"] = env.TEST_DATABASE or "jifen_test_database_not_made_yet"
DATABASES["default"]["CONN_MAX_AGE"] = 0
RATES = {"api": "100000/min", "lookup": "10000/min", "lookup_day": "1000000/day"}
REST_FRAMEWORK = REST_FRAMEWORK | {"DEFAULT_THROTTLE_RATES": RATES}

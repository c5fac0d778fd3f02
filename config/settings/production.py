"""A real deployment.

Refuses to start when something that keeps people safe is missing, and says everything that has to be set at once.
"""

from collections.abc import Iterator

from django.core.exceptions import ImproperlyConfigured

from config import env
from config.settings.base import *
from config.settings.email import email_settings
from institutions.signatures import is_key

SECRET_LENGTH_MIN = 50
KNOWN_SECRETS = ("development-only", "only-the-tests", "django-insecure")
KNOWN_KEYS = ("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",)
RANDOM = "a random value of your own of at least 50 characters, for instance `openssl rand -hex 32`"


def _is_weak(secret: str) -> bool:
    return len(secret) < SECRET_LENGTH_MIN or secret.startswith(KNOWN_SECRETS) or len(set(secret)) < 8


def _missing() -> Iterator[str]:
    if env.DEBUG:
        yield "unset DEBUG: error pages with details would show data to strangers"
    if _is_weak(env.SECRET_KEY):
        yield f"set SECRET_KEY to {RANDOM}"
    if _is_weak(env.IDENTITY_KEY) or env.IDENTITY_KEY == env.SECRET_KEY:
        yield f"set IDENTITY_KEY to {RANDOM}, and keep it for ever: it keys the hashes of ID-card numbers"
    if _is_weak(env.LETTER_KEY) or env.LETTER_KEY == env.SECRET_KEY:
        yield f"set LETTER_KEY to {RANDOM}: it keys the access codes printed in letters"
    if any(_is_weak(key.strip()) for key in env.TIP_KEY.split(",")) or env.TIP_KEY == env.SECRET_KEY:
        yield f"set TIP_KEY to {RANDOM}: it seals who gave a tip"
    if not is_key(env.CERTIFICATE_KEY) or env.CERTIFICATE_KEY in KNOWN_KEYS:
        yield "set CERTIFICATE_KEY to 32 random bytes in base64, for instance `openssl rand -base64 32`: it signs"
    if _is_weak(env.SECOND_FACTOR_KEY) or env.SECOND_FACTOR_KEY == env.SECRET_KEY:
        yield f"set SECOND_FACTOR_KEY to {RANDOM}: it encrypts the secrets of authenticators"
    if not env.ALLOWED_HOSTS or "*" in env.ALLOWED_HOSTS:
        yield "set ALLOWED_HOSTS to the names the site is reached by, separated by commas, without *"
    if not env.PUBLIC_URL.startswith("https://"):
        yield "set PUBLIC_URL to the address of the site, https://…; letters and notices carry links to it"
    if not env.DATABASE_URL:
        yield "set DATABASE_URL to postgresql://jifen_app:password@host/jifen (the application's role)"
    if not env.CELERY_BROKER_URL:
        yield "set CELERY_BROKER_URL to amqp://… (RabbitMQ) or redis://… (Redis, Valkey)"
    if not env.CACHE_URL.startswith(("redis://", "rediss://", "unix://")):
        yield "set CACHE_URL to redis://host:6379/1; the web processes count requests there"
    if env.CLOCK_MOVABLE or env.DEMO:
        yield "unset CLOCK_MOVABLE and JIFEN_DEMO: in production nobody moves the clock"


_todo = list(_missing())
if _todo:
    raise ImproperlyConfigured("Jifen does not start in production like this:\n- " + "\n- ".join(_todo))

DEBUG = False
SECRET_KEY = env.SECRET_KEY
IDENTITY_KEY = env.IDENTITY_KEY
LETTER_KEY = env.LETTER_KEY
TIP_KEY = env.TIP_KEY
CERTIFICATE_KEY = env.CERTIFICATE_KEY
CERTIFICATE_RETIRED_KEYS = env.CERTIFICATE_RETIRED_KEYS
SECOND_FACTOR_KEY = env.SECOND_FACTOR_KEY
SECOND_FACTOR_DEMANDED = True
ALLOWED_HOSTS = env.ALLOWED_HOSTS
CSRF_TRUSTED_ORIGINS = env.CSRF_TRUSTED_ORIGINS
CLOCK_MOVABLE = False

SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked on the machine itself, past the proxy
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.PROXIES else None
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True

locals().update(email_settings(env.EMAIL_URL))

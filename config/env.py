"""The one place that reads the environment. Everything else asks here.

Each name below is one thing an operator may set; docs/operations.md explains them. Values are read once.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from environs import Env

_env = Env()

PROJECT_DIR = Path(__file__).resolve().parent.parent

# Where the embedded services keep their data and the product its files.
VAR_DIR = Path(_env.str("JIFEN_VAR_DIR", "") or PROJECT_DIR / "var").absolute()

# A real deployment names its services; without DATABASE_URL the embedded ones are used.
DATABASE_URL = _env.str("DATABASE_URL", "")
DATABASE_OWNER_URL = _env.str("DATABASE_OWNER_URL", "")
DATABASE_REPLICA_URL = _env.str("DATABASE_REPLICA_URL", "")
CELERY_BROKER_URL = _env.str("CELERY_BROKER_URL", "")
# Shared by the web processes: throttling counts there. Redis or Valkey.
CACHE_URL = _env.str("CACHE_URL", "")

SECRET_KEY = _env.str("SECRET_KEY", "")
# Keys the hash by which ID-card numbers are looked up. Never changed afterwards, or nobody is found again.
IDENTITY_KEY = _env.str("IDENTITY_KEY", "")
# Keys the access codes of letters. A changed key makes new codes at the next printing; those handed out stay valid
# until then.
LETTER_KEY = _env.str("LETTER_KEY", "")
# Seals who gave a tip. Turned by putting the new key first and the former behind it, with a comma.
TIP_KEY = _env.str("TIP_KEY", "")
# Signs status certificates: 32 random bytes in base64 (`openssl rand -base64 32`). After a change the public key of the
# old one goes into CERTIFICATE_RETIRED_KEYS, or what was signed with it counts as forged.
CERTIFICATE_KEY = _env.str("CERTIFICATE_KEY", "")
CERTIFICATE_RETIRED_KEYS: list[str] = _env.list("CERTIFICATE_RETIRED_KEYS", [])
# Encrypts the secrets of authenticators. Once changed, everybody enrols again.
SECOND_FACTOR_KEY = _env.str("SECOND_FACTOR_KEY", "")
DEBUG = _env.bool("DEBUG", False)
ALLOWED_HOSTS: list[str] = _env.list("ALLOWED_HOSTS", [])
CSRF_TRUSTED_ORIGINS: list[str] = _env.list("CSRF_TRUSTED_ORIGINS", [])
# How many proxies of ours stand before the web server; their addresses are not the client's.
PROXIES = _env.int("PROXIES", 0)
PUBLIC_URL = _env.str("PUBLIC_URL", "http://localhost:8000").rstrip("/")

# The folder of published files, which a web server sends by itself; "off" for none. The same for every process.
PUBLISHED_DIR = _env.str("PUBLISHED_DIR", "")

# Where the files of open data lie; under VAR_DIR unless said.
OPEN_DATA_DIR = _env.str("OPEN_DATA_DIR", "")

EMAIL_URL = _env.str("EMAIL_URL", "")
DEFAULT_FROM_EMAIL = _env.str("DEFAULT_FROM_EMAIL", "jifen@localhost")
# What Prometheus sends to read /metrics; without it there is no such page.
METRICS_TOKEN = _env.str("METRICS_TOKEN", "")
LOG_LEVEL = _env.str("LOG_LEVEL", "INFO")

# Only a demonstration or a test may move the clock. `demo` and `up` are demonstrations by themselves, but
# only under settings that allow it: production never looks at either name.
CLOCK_MOVABLE = _env.bool("CLOCK_MOVABLE", False)
DEMO = _env.bool("JIFEN_DEMO", False) or sys.argv[1:2] in (["demo"], ["up"])

# Set by the tests for the worker processes they start.
TEST_DATABASE = _env.str("JIFEN_TEST_DATABASE", "")


def for_children(extra: Mapping[str, str]) -> dict[str, str]:
    """The environment for a child process: ours, the demonstration mark if we are one, and `extra`."""
    return os.environ | ({"JIFEN_DEMO": "1"} if DEMO else {}) | dict(extra)

"""Settings shared by every way of running Jifen. The environment is read in `config.env` and nowhere else."""

from pathlib import Path
from typing import Any

from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy

from config import env
from config.api_tags import API_TAGS
from config.database_url import parse_database_url
from config.runtime import postgres, valkey
from config.runtime.paths import runtime_paths
from config.schedule import MANDATORY, MANDATORY_BY_HOUR, SCHEDULE
from config.structured_logs import logging_settings

BASE_DIR = env.PROJECT_DIR
VAR_DIR = env.VAR_DIR
SECRET_KEY = env.SECRET_KEY
IDENTITY_KEY = env.IDENTITY_KEY or SECRET_KEY
LETTER_KEY = env.LETTER_KEY or SECRET_KEY
TIP_KEY = env.TIP_KEY or SECRET_KEY
# Empty outside production: a key is then made once under var/keys.
CERTIFICATE_KEY = env.CERTIFICATE_KEY
CERTIFICATE_RETIRED_KEYS = env.CERTIFICATE_RETIRED_KEYS
SECOND_FACTOR_KEY = env.SECOND_FACTOR_KEY or SECRET_KEY
# Officers log in with a second factor; only a demonstration does without (ADR 0049).
SECOND_FACTOR_DEMANDED = True
# How long the access code of a letter opens its page; then the service desk gives a new one. Of the product, not law.
LETTER_CODE_DAYS = 400
DEBUG = False
ALLOWED_HOSTS: list[str] = []
PUBLIC_URL = env.PUBLIC_URL
METRICS_TOKEN = env.METRICS_TOKEN
BEHIND_PROXY = env.PROXIES > 0

# True when no DATABASE_URL is given: PostgreSQL and Valkey are our own, under var/.
EMBEDDED = not env.DATABASE_URL

# Only demonstrations and tests may move the clock (institutions.clock).
CLOCK_MOVABLE = False

INSTALLED_APPS = [
    "config",
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "pgtrigger",
    "pghistory",
    "institutions",
    "scoring",
    "cases",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.RequestIdMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.middleware.RenewalMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.middleware.PermissionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.middleware.ContentPolicyMiddleware",
    "config.middleware.RateLimitMiddleware",
    "config.middleware.HistoryContextMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.freshness_of_the_day",
                "config.context.way_back",
            ],
        },
    },
]

# --- Database
# ------------------------------------------------------------------------------------------------------- The
# application connects as a role that owns no table; migrations run as the owner (config.owner).


def _embedded_database(role: str) -> dict[str, Any]:
    return {
        "ENGINE": "config.runtime.backend",
        "NAME": postgres.DATABASE,
        "USER": role,
        "HOST": str(runtime_paths().sockets),
        "OPTIONS": {},
    }


if EMBEDDED:
    DATABASES = {"default": _embedded_database(postgres.APP)}
    DATABASE_OWNER: dict[str, Any] | None = _embedded_database(postgres.OWNER)
else:
    DATABASES = {"default": parse_database_url(env.DATABASE_URL, "DATABASE_URL")}
    DATABASE_OWNER = (
        parse_database_url(env.DATABASE_OWNER_URL, "DATABASE_OWNER_URL") if env.DATABASE_OWNER_URL else None
    )
    if env.DATABASE_REPLICA_URL:
        DATABASES["replica"] = parse_database_url(env.DATABASE_REPLICA_URL, "DATABASE_REPLICA_URL")
DATABASE_APPLICATION_ROLE = DATABASES["default"]["USER"]
DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}

# The cache holds nothing that cannot be lost; throttling counts there.
_CACHE_URL = env.CACHE_URL or f"unix://{runtime_paths().valkey_socket}?db=1"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": _CACHE_URL}}

# How long a web process gathers look-ups before it stores their number.
LOOKUP_COUNTS_STORED_SECONDS = 30

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- People and sessions
AUTH_USER_MODEL = "institutions.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "/admin/login/"
LOGIN_REDIRECT_URL = "/admin/"
# A session ends half an hour after it was last used, and eight hours after the log-in; a log-in takes ten minutes.
SESSION_ENGINE = "institutions.session_store"
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_IDLE_SECONDS = 30 * 60
SIGN_IN_SECONDS = 10 * 60
PASSWORD_RESET_TIMEOUT = 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True

# --- Work of the office: targets and habits of an administration, not law
# A claim on a row of a queue holds others off for so many days.
WORK_CLAIM_DAYS = 7
# Days within which a row of a queue is to be done where no rulebook sets a deadline; later it is overdue.
WORK_TARGET_DAYS = {
    "cases": 30,
    "decisions": 10,
    "statements": 5,
    "services": 5,
    "leads": 30,
    "repairs": 15,
    "reregistrations": 15,
    "notices": 5,
    "people": 30,
    "deliveries": 1,
    "runs": 1,
}

# --- Language and time
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# --- Files
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "config.bundles.BundleFinder",
]
MEDIA_ROOT = VAR_DIR / "media"
# Open data: a folder for each release. Older ones than this many days are withdrawn: no suspension is shorter.
OPEN_DATA_DIR = Path(env.OPEN_DATA_DIR or VAR_DIR / "open-data")
OPEN_DATA_KEEP_DAYS = 31
# Published files of scorecards: with embedded services under VAR_DIR, else where it is said, or nowhere.
PUBLISHED_DIR: str | None = env.PUBLISHED_DIR or (str(VAR_DIR / "published") if EMBEDDED else None)
if PUBLISHED_DIR == "off":
    PUBLISHED_DIR = None
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o640

# --- Celery
CELERY_BROKER_URL = env.CELERY_BROKER_URL or valkey.broker_url(runtime_paths())
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A worker that dies takes no task with it: an unacknowledged one is delivered again after this many seconds.
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 60 * 60}
CELERY_TASK_DEFAULT_QUEUE = "jifen"
CELERY_TASK_DEFAULT_QUEUE_TYPE = "quorum" if CELERY_BROKER_URL.startswith("amqp") else "classic"
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT = 25 * 60
CELERY_TASK_TIME_LIMIT = 30 * 60
CELERY_TASK_PUBLISH_RETRY_POLICY = {
    "max_retries": 2,
    "interval_start": 0,
    "interval_step": 0.2,
    "interval_max": 0.5,
}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = SCHEDULE
# The dead-man check in the web process.
MANDATORY_JOBS = MANDATORY
NIGHT_DONE_BY_HOUR = MANDATORY_BY_HOUR
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")

# --- API
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "institutions.api.keys.KeyAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser", "rest_framework.parsers.MultiPartParser"],
    "DEFAULT_PAGINATION_CLASS": "config.pagination.Pagination",
    "PAGE_SIZE": 50,
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["institutions.api.throttling.ApiThrottle"],
    "DEFAULT_THROTTLE_RATES": {"api": "600/min", "lookup": "60/min", "lookup_day": "3000/day"},
    "NUM_PROXIES": env.PROXIES,
    "EXCEPTION_HANDLER": "config.errors.exception_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Jifen 记分",
    "DESCRIPTION": "Points, measures and scorecards of practitioners under China's medical insurance rules.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "config.openapi.complete",
    ],
    "TAGS": API_TAGS,
    "ENUM_NAME_OVERRIDES": {
        "DecisionEnum": "cases.models.Decision",
        "AttributionStateEnum": "cases.models.choices.STATE_CHOICES",
        "AppealStateEnum": "cases.models.appeal_choices.APPEAL_STATE_CHOICES",
        "RepairOutcomeEnum": "cases.api.repair_shapes.OUTCOMES",
        "AppealOutcomeEnum": "cases.models.Outcome",
        "AssessmentOutcomeEnum": "cases.models.AssessmentOutcome",
        "DecidedAppealOutcomeEnum": "cases.api.appeal_requests.DECIDED_CHOICES",
    },
}

UNFOLD = {
    "SITE_TITLE": "记分 Jifen",
    "SITE_HEADER": "记分 Jifen",
    "SITE_URL": "/",
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda _request: static("images/icon.svg")},
    ],
    "ENVIRONMENT": "config.pilot_mark.pilot_mark",
    "SIDEBAR": {"navigation": "config.admin.navigation.navigation"},
    "DASHBOARD_CALLBACK": "config.admin.home.home",
    "STYLES": [lambda request: static("css/desk.css")],
    "ACCOUNT": {"navigation": [{"title": gettext_lazy("Your log-in"), "link": reverse_lazy("account")}]},
}

DEFAULT_FROM_EMAIL = env.DEFAULT_FROM_EMAIL
LOGGING = logging_settings(env.LOG_LEVEL)

"""The product's own development settings and middleware, with the rival's address beside the product's."""

from config import env
from config.settings.dev import *  # noqa: F403
from config.settings.dev import DATABASES

ROOT_URLCONF = "benchmarks.rival_urls"
DEBUG = False
CLOCK_MOVABLE = False  # as in a real deployment: no look at a moved clock
STATIC_URL = "/static/"
DATABASES["default"]["NAME"] = env.TEST_DATABASE or DATABASES["default"]["NAME"]

"""Production refuses to start half configured, and is clean when it is configured."""

import os
import subprocess
import sys

import pytest

from config.env import PROJECT_DIR

SECRET = "f3a91c7e5b2d4086" * 4
COMPLETE = {
    "SECRET_KEY": SECRET,
    "IDENTITY_KEY": SECRET[::-1],
    "LETTER_KEY": SECRET[8:] + SECRET[:8],
    "TIP_KEY": SECRET[24:] + SECRET[:24],
    "CERTIFICATE_KEY": "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=",
    "SECOND_FACTOR_KEY": SECRET[4:] + SECRET[:4],
    "ALLOWED_HOSTS": "jifen.example.cn",
    "PUBLIC_URL": "https://jifen.example.cn",
    "DATABASE_URL": "postgresql://jifen_app:x@db.example.cn/jifen",
    "CELERY_BROKER_URL": "amqp://jifen@mq.example.cn/",
    "CACHE_URL": "redis://cache.example.cn:6379/1",
}


def _manage(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run a command with the production settings and nothing of ours in the environment."""
    return subprocess.run(
        [sys.executable, "-W", "error::UserWarning", "manage.py", *arguments],
        cwd=PROJECT_DIR,
        env={"PATH": os.defpath, "DJANGO_SETTINGS_MODULE": "config.settings.production"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_complete_settings_pass_the_deployment_check() -> None:
    result = _manage("check", "--deploy", "--fail-level", "WARNING", **COMPLETE)
    assert result.returncode == 0, result.stderr
    assert "no issues" in result.stdout


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"SECRET_KEY": ""}, "set SECRET_KEY"),
        ({"SECRET_KEY": "development-only-secret-that-production-refuses-" * 2}, "set SECRET_KEY"),
        ({"SECRET_KEY": "too-short"}, "set SECRET_KEY"),
        ({"IDENTITY_KEY": ""}, "set IDENTITY_KEY"),
        ({"IDENTITY_KEY": SECRET}, "set IDENTITY_KEY"),
        ({"LETTER_KEY": ""}, "set LETTER_KEY"),
        ({"LETTER_KEY": SECRET}, "set LETTER_KEY"),
        ({"TIP_KEY": ""}, "set TIP_KEY"),
        ({"TIP_KEY": SECRET}, "set TIP_KEY"),
        ({"CERTIFICATE_KEY": ""}, "set CERTIFICATE_KEY"),
        ({"CERTIFICATE_KEY": "c2hvcnQ="}, "set CERTIFICATE_KEY"),
        ({"CERTIFICATE_KEY": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}, "set CERTIFICATE_KEY"),
        ({"SECOND_FACTOR_KEY": ""}, "set SECOND_FACTOR_KEY"),
        ({"SECOND_FACTOR_KEY": SECRET}, "set SECOND_FACTOR_KEY"),
        ({"JIFEN_DEMO": "true"}, "unset CLOCK_MOVABLE and JIFEN_DEMO"),
        ({"ALLOWED_HOSTS": ""}, "set ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "*"}, "set ALLOWED_HOSTS"),
        ({"DEBUG": "true"}, "unset DEBUG"),
        ({"PUBLIC_URL": "http://jifen.example.cn"}, "set PUBLIC_URL"),
        ({"DATABASE_URL": ""}, "set DATABASE_URL"),
        ({"DATABASE_URL": "sqlite:///db.sqlite3"}, "must be a postgresql:// URL"),
        ({"CELERY_BROKER_URL": ""}, "set CELERY_BROKER_URL"),
        ({"CACHE_URL": ""}, "set CACHE_URL"),
        ({"CLOCK_MOVABLE": "true"}, "nobody moves the clock"),
    ],
)
def test_incomplete_settings_are_refused(change: dict[str, str], said: str) -> None:
    result = _manage("check", **(COMPLETE | change))
    assert result.returncode != 0
    assert said in result.stderr


def test_everything_missing_is_said_at_once() -> None:
    result = _manage("check")
    for name in COMPLETE:
        assert f"set {name}" in result.stderr

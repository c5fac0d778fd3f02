"""Logging in: the password, then the second factor; every guess counted, every outcome written down.

Nobody is logged in before both are right: until then a session only remembers whose password was right. Guesses are
counted before they are judged, by user name and by address, for all processes together, alike for names that exist and
names that do not. `at` is an instant of the real clock, `now` the time of the record. To be called outside a
transaction, so that a failure counts whatever becomes of the request.
"""

from datetime import datetime, timedelta

from django.contrib.auth import authenticate
from django.utils.translation import gettext as _

from institutions.errors import Invalid, NotThere, TooOften
from institutions.models import User
from institutions.selectors import users
from institutions.services import attempts, audit, login_sessions, second_factors
from institutions.services.attempts import Limit

QUARTER = timedelta(minutes=15)
BY_USER = Limit("login.user", failures_max=5, span=QUARTER)
# Wide, since a whole office may come from one address.
BY_ADDRESS = Limit("login.address", failures_max=30, span=QUARTER)
CODE_BY_USER = Limit("login.code", failures_max=5, span=QUARTER)
# A code has a million values and three are right at a time: this many guesses a day find one in thirty years.
CODE_BY_USER_A_DAY = Limit("login.code_day", failures_max=30, span=timedelta(days=1))
OF_USER = (BY_USER, CODE_BY_USER, CODE_BY_USER_A_DAY)
NOBODY = "user:unknown"


def check_password(*, username: str, password: str, address: str, at: datetime, now: datetime) -> User:
    """Return the active user of a name and password.

    Refuses, in the same words, a wrong password, an unknown name and a user who is not active; `TooOften` once the
    name or the address has used up its failures, even for the right password.
    """
    name = _source(username)
    known = User.objects.filter(username=User.normalize_username(username)).first()
    _spend(BY_ADDRESS, address, known, at, now)
    _spend(BY_USER, name, known, at, now)
    user = authenticate(None, username=username, password=password)
    if not isinstance(user, User):
        _note("login.failed", known, now, "password")
        raise Invalid(
            _("This user name and password do not open anything."),
            next_step=_("Check both and try again; after five failures the log-in waits for a quarter of an hour."),
        )
    attempts.give_back(limit=BY_ADDRESS, source=address, now=at)
    attempts.forget(limit=BY_USER, source=name)
    return user


def check_code(*, user: User, code: str, address: str, at: datetime, now: datetime) -> None:
    """Refuse a code that is neither the authenticator's nor a recovery code; `TooOften` after too many guesses."""
    name = _source(user.username)
    _spend(BY_ADDRESS, address, user, at, now)
    _spend(CODE_BY_USER_A_DAY, name, user, at, now)
    _spend(CODE_BY_USER, name, user, at, now)
    if not second_factors.is_right(user=user, code=code, at=at, now=now):
        _note("login.failed", user, now, "second_factor")
        raise Invalid(
            _("This code is not right, or it was used already."),
            next_step=_("Wait for the next code of the authenticator, or use one of your recovery codes."),
        )
    attempts.give_back(limit=BY_ADDRESS, source=address, now=at)
    for limit in (CODE_BY_USER, CODE_BY_USER_A_DAY):
        attempts.forget(limit=limit, source=name)


def note_success(*, user: User, with_second_factor: bool, now: datetime) -> None:
    """Write down that a user is logged in; rows of sessions that have ended are thrown away on the way."""
    login_sessions.clear_ended()
    audit.record_event(
        action="login.succeeded",
        subject=user,
        by=user,
        now=now,
        detail={"second_factor": with_second_factor},
        region=users.region_of(user),
    )


def note_logout(*, user: User, now: datetime) -> None:
    """Write down that a user has logged out."""
    audit.record_event(action="login.left", subject=user, by=user, now=now, region=users.region_of(user))


def lift_lockout(*, user: User, by: User, now: datetime) -> int:
    """Let a colleague try again before their lock-out ends; return how many failures were forgotten.

    Refuses users whom the administrator does not manage, and one's own.
    """
    if by.pk == user.pk or not users.manageable_by(by).filter(pk=user.pk).exists():
        raise NotThere()
    failures = sum(attempts.forget(limit=limit, source=_source(user.username)) for limit in OF_USER)
    audit.record_event(
        action="login.lockout_lifted",
        subject=user,
        by=by,
        now=now,
        detail={"failures": failures},
        region=users.region_of(user),
    )
    return failures


def is_locked(user: User, at: datetime) -> bool:
    """Say whether a user's log-in waits because of failures."""
    name = _source(user.username)
    return any(attempts.is_used_up(limit=limit, source=name, now=at) for limit in OF_USER)


def _spend(limit: Limit, source: str, known: User | None, at: datetime, now: datetime) -> None:
    try:
        attempts.spend(limit=limit, source=source, now=at)
    except TooOften as refused:
        if refused.state == str(limit.failures_max + 1):
            _note("login.locked", known, now, limit.scope)
        raise


def _note(action: str, user: User | None, now: datetime, what: str) -> None:
    """What was typed as a name is not written down: it may be a password in the wrong field."""
    subject = user if user is not None else NOBODY
    region = users.region_of(user) if user is not None else ""
    audit.record_event(action=action, subject=subject, by=None, now=now, detail={"what": what}, region=region)


def _source(username: str) -> str:
    return User.normalize_username(username).lower()[:150]

"""The second factor: enrolled by its owner, judged at each log-in, replaced with the old one, reset by a colleague.

Codes follow RFC 6238 (six digits, half a minute). A code is taken once, and codes of the half minute before and after
the present one are taken for clocks that are off. `at` is an instant of the real clock (`clock.real_now`), since
authenticators know no other; `now` is the time of the record.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime

import pyotp
from django.db import transaction
from django.utils.translation import gettext as _

from institutions.errors import Forbidden, Invalid, NotThere, WrongState
from institutions.models import RecoveryCode, SecondFactor, User
from institutions.sealed_secrets import keyed_digest, opened, sealed
from institutions.selectors import users
from institutions.services import audit, login_mail, login_sessions

ISSUER = "Jifen"
STEP_SECONDS = 30
STEPS_OFF = 1
CODE_DIGITS = 6
RECOVERY_CODES = 10
RECOVERY_ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"  # nothing that is read for something else
RECOVERY_LENGTH = 12  # about 59 bits
REASON_LENGTH_MIN = 10


@dataclass(frozen=True, slots=True)
class Proposal:
    """A secret that an authenticator may take up: sealed for the session, with what the phone reads."""

    sealed: str
    secret: str
    uri: str


def propose(*, user: User) -> Proposal:
    """Return a new secret for the user's authenticator. Nothing is kept until a code of it is confirmed."""
    return _proposal(user, pyotp.random_base32())


def proposed_again(*, user: User, token: str) -> Proposal:
    """Return the proposal that a sealed secret stands for."""
    return _proposal(user, opened(token))


@transaction.atomic
def enrol(*, user: User, token: str, code: str, at: datetime, now: datetime) -> list[str]:
    """Keep a proposed secret once a code of it is right; return new recovery codes, which nobody can read again.

    Refuses a user who has a second factor already: that one is replaced (`replace`) or reset (`reset`).
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if SecondFactor.objects.filter(user=user).exists():
        raise WrongState(_("You have a second factor already."), next_step=_("Replace it on the page of your log-in."))
    step = _step_of(opened(token), code, at, after=0)
    if step is None:
        raise _wrong_code()
    SecondFactor.objects.create(user=user, secret=token, last_step=step, enrolled_at=now)
    codes = _new_recovery_codes(user, now)
    audit.record_event(action="second_factor.enrolled", subject=user, by=user, now=now)
    login_mail.after_commit(login_mail.Kind.ENROLLED, user)
    return codes


@transaction.atomic
def replace(*, user: User, token: str, code: str, at: datetime, now: datetime) -> list[str]:
    """Take up another authenticator instead of the old one; return new recovery codes.

    The door has asked for a code of the old one before (`is_right`).
    """
    factor = _locked(user)
    step = _step_of(opened(token), code, at, after=0)
    if step is None:
        raise _wrong_code()
    factor.secret, factor.last_step, factor.enrolled_at = token, step, now
    factor.save(update_fields=["secret", "last_step", "enrolled_at"])
    codes = _new_recovery_codes(user, now)
    audit.record_event(action="second_factor.replaced", subject=user, by=user, now=now)
    login_mail.after_commit(login_mail.Kind.ENROLLED, user)
    return codes


@transaction.atomic
def renew_recovery_codes(*, user: User, now: datetime) -> list[str]:
    """Give new recovery codes instead of those that are left. The door has asked for a code before."""
    _locked(user)
    codes = _new_recovery_codes(user, now)
    audit.record_event(action="recovery_codes.renewed", subject=user, by=user, now=now)
    return codes


@transaction.atomic
def give_up(*, user: User, now: datetime) -> None:
    """Do without a second factor from now on. Refuses officers. The door has asked for a code before."""
    if users.needs_second_factor(user):
        raise Forbidden(_("Officers log in with a second factor."), next_step=_("Replace it instead."))
    _locked(user)
    _remove(user)
    audit.record_event(action="second_factor.given_up", subject=user, by=user, now=now)
    login_mail.after_commit(login_mail.Kind.RESET, user)


@transaction.atomic
def reset(*, user: User, reason: str, by: User, now: datetime) -> None:
    """Remove a colleague's second factor, so that they enrol a new one at their next log-in; their sessions end.

    Refuses one's own, and users whom the administrator does not manage.
    """
    if by.pk == user.pk:
        raise Forbidden(
            _("Nobody resets their own second factor."),
            next_step=_("Replace it on the page of your log-in, or ask another administrator."),
        )
    if not users.manageable_by(by).filter(pk=user.pk).exists():
        raise NotThere()
    if len(reason.strip()) < REASON_LENGTH_MIN:
        raise Invalid(_("Say in at least %(count)d characters why.") % {"count": REASON_LENGTH_MIN})
    _locked(user)
    _remove(user)
    login_sessions.end_all(user=user)
    audit.record_event(action="second_factor.reset", subject=user, by=by, now=now, reason=reason.strip())
    login_mail.after_commit(login_mail.Kind.RESET, user)


@transaction.atomic
def is_right(*, user: User, code: str, at: datetime, now: datetime) -> bool:
    """Judge a code of the authenticator or a recovery code, and use it up if it is right.

    To be called through `sign_in`, which counts guesses.
    """
    factor = SecondFactor.objects.select_for_update(no_key=True).filter(user=user).first()
    if factor is None:
        return False
    typed = "".join(code.split())
    if typed.isdecimal() and len(typed) == CODE_DIGITS:
        step = _step_of(opened(factor.secret), typed, at, after=factor.last_step)
        if step is None:
            return False
        factor.last_step = step
        factor.save(update_fields=["last_step"])
        return True
    return _use_recovery_code(user, typed, now)


def _use_recovery_code(user: User, typed: str, now: datetime) -> bool:
    digest = keyed_digest(_plain(typed))
    if not RecoveryCode.objects.filter(user=user, digest=digest, used_at=None).update(used_at=now):
        return False
    left = RecoveryCode.objects.filter(user=user, used_at=None).count()
    audit.record_event(action="recovery_code.used", subject=user, by=user, now=now, detail={"left": left})
    login_mail.after_commit(login_mail.Kind.RECOVERY_USED, user)
    return True


def _step_of(secret: str, code: str, at: datetime, *, after: int) -> int | None:
    """Return the half minute of which the code is, if it is near and later than the last one taken."""
    generator, present, found = pyotp.TOTP(secret), int(at.timestamp()) // STEP_SECONDS, None
    for step in range(present - STEPS_OFF, present + STEPS_OFF + 1):
        matches = hmac.compare_digest(generator.generate_otp(step).encode(), "".join(code.split()).encode())
        if matches and step > after:
            found = step
    return found


def _new_recovery_codes(user: User, now: datetime) -> list[str]:
    RecoveryCode.objects.filter(user=user).delete()
    plain = ["".join(secrets.choice(RECOVERY_ALPHABET) for _ in range(RECOVERY_LENGTH)) for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, digest=keyed_digest(code), made_at=now) for code in plain)
    return [f"{code[:4]}-{code[4:8]}-{code[8:]}" for code in plain]


def _plain(typed: str) -> str:
    return typed.lower().replace("-", "")[: RECOVERY_LENGTH * 2]


def _proposal(user: User, secret: str) -> Proposal:
    uri = pyotp.TOTP(secret).provisioning_uri(name=user.username, issuer_name=ISSUER)
    return Proposal(sealed(secret), secret, uri)


def _locked(user: User) -> SecondFactor:
    factor = SecondFactor.objects.select_for_update(no_key=True).filter(user=user).first()
    if factor is None:
        raise WrongState(_("There is no second factor."), next_step=_("It is enrolled at the next log-in."))
    return factor


def _remove(user: User) -> None:
    RecoveryCode.objects.filter(user=user).delete()
    SecondFactor.objects.filter(user=user).delete()


def _wrong_code() -> Invalid:
    return Invalid(
        _("This code is not right."),
        next_step=_("Wait for the next code of the authenticator and type it; check that the phone's time is right."),
    )

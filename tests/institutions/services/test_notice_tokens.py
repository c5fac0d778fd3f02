"""Access codes of letters: kept as a hash, good for one notice, ending, replaceable, and costly to guess."""

import hashlib
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from config import env
from institutions.errors import NotThere, TooOften
from institutions.models import AttemptCount, NoticeKind, NoticeToken
from institutions.services import attempts, notice_tokens, notices
from tests.factories.institution import InstitutionFactory
from tests.factories.practitioner import PractitionerFactory

pytestmark = pytest.mark.django_db
HERE = "192.0.2.7"


@pytest.fixture
def letter(now):
    return letter_to(PractitionerFactory(), now)


def letter_to(person, now, cause="intent:1"):
    return notices.queue_notice(
        kind=NoticeKind.INTENT, recipient=person, cause=cause, payload={}, now=now, region="150422"
    )


def opened(letter, token, now, address=HERE):
    return notice_tokens.notice_for(letter.number, token, now, address=address)


class TestIssuing:
    def test_the_code_opens_its_letter(self, letter, now):
        token = notice_tokens.issue(letter, now)
        assert opened(letter, token, now) == letter

    def test_only_the_hash_is_stored(self, letter, now):
        token = notice_tokens.issue(letter, now)
        (row,) = NoticeToken.objects.all()
        assert row.digest == hashlib.sha256(token.encode()).hexdigest()
        with connection.cursor() as cursor:
            cursor.execute("SELECT t::text FROM institutions_noticetoken t")
            assert token not in str(cursor.fetchall())

    def test_it_has_a_hundred_bits_and_no_letter_that_is_mistaken_for_another(self, letter, now):
        token = notice_tokens.issue(letter, now)
        assert len(token) == 20
        assert set(token) <= set(notice_tokens.ALPHABET)
        assert len(notice_tokens.ALPHABET) == 32
        assert not set("ilou") & set(notice_tokens.ALPHABET)

    def test_printing_again_gives_the_same_code(self, letter, now):
        first = notice_tokens.issue(letter, now)
        assert notice_tokens.issue(letter, now + timedelta(days=30)) == first
        assert NoticeToken.objects.count() == 1

    def test_each_letter_has_its_own(self, letter, now):
        other = letter_to(letter.practitioner, now, "decision:1")
        assert notice_tokens.issue(letter, now) != notice_tokens.issue(other, now)

    def test_a_changed_key_makes_a_new_code_at_the_next_print(self, letter, now, settings):
        old = notice_tokens.issue(letter, now)
        settings.LETTER_KEY = "another-key"
        assert opened(letter, old, now) == letter
        new = notice_tokens.issue(letter, now)
        assert new != old
        assert opened(letter, new, now) == letter
        with pytest.raises(NotThere):
            opened(letter, old, now)

    def test_a_notice_to_an_institution_has_none(self, now):
        notice = notices.queue_notice(
            kind=NoticeKind.HANDOVER, recipient=InstitutionFactory(), cause="x", payload={}, now=now
        )
        with pytest.raises(NotThere):
            notice_tokens.issue(notice, now)

    def test_a_letter_of_a_pilot_has_none(self, now):
        quiet = notices.queue_notice(
            kind=NoticeKind.INTENT, recipient=PractitionerFactory(), cause="x", payload={}, now=now, is_pilot=True
        )
        with pytest.raises(NotThere):
            notice_tokens.issue(quiet, now)

    def test_no_row_is_ever_changed(self, letter, now):
        notice_tokens.issue(letter, now)
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE institutions_noticetoken SET expires_at = expires_at + interval '1 year'")


class TestOpening:
    @pytest.mark.parametrize("typed", ["{upper}", "{grouped}", " {plain} ", "{confused}"])
    def test_case_gaps_and_look_alikes_do_not_matter(self, letter, now, typed):
        token = notice_tokens.issue(letter, now)
        forms = {
            "plain": token,
            "upper": token.upper(),
            "grouped": notice_tokens.grouped(token),
            "confused": token.replace("0", "O").replace("1", "I"),
        }
        assert notice_tokens.notice_for(letter.number.lower(), typed.format(**forms), now, address=HERE) == letter

    def test_it_is_useless_for_another_letter_of_the_same_person(self, letter, now):
        other = letter_to(letter.practitioner, now, "decision:1")
        notice_tokens.issue(other, now)
        with pytest.raises(NotThere):
            opened(other, notice_tokens.issue(letter, now), now)

    def test_it_ends(self, letter, now):
        token = notice_tokens.issue(letter, now)
        last = now + timedelta(days=settings.LETTER_CODE_DAYS)
        assert opened(letter, token, last - timedelta(seconds=1)) == letter
        with pytest.raises(NotThere):
            opened(letter, token, last)

    def test_after_its_end_the_next_print_carries_a_new_one(self, letter, now):
        old = notice_tokens.issue(letter, now)
        later = now + timedelta(days=settings.LETTER_CODE_DAYS)
        new = notice_tokens.issue(letter, later)
        assert new != old
        assert opened(letter, new, later) == letter

    def test_a_revoked_one_is_useless_at_once(self, letter, now):
        old = notice_tokens.issue(letter, now)
        new = notice_tokens.revoke(letter, now)
        with pytest.raises(NotThere):
            opened(letter, old, now)
        assert opened(letter, new, now) == letter
        assert notice_tokens.issue(letter, now) == new

    def test_every_failure_has_the_same_answer(self, letter, now):
        token = notice_tokens.issue(letter, now)
        gone = notice_tokens.issue(letter_to(letter.practitioner, now, "b"), now - timedelta(days=1000))
        never_issued = letter_to(letter.practitioner, now, "c")
        answers = set()
        for number, guess in (
            ("JF1999-000001", token),
            (letter.number, "0" * 20),
            (letter.number, ""),
            (letter.number, gone),
            (never_issued.number, token),
            (never_issued.number, ""),
        ):
            with pytest.raises(NotThere) as refused:
                notice_tokens.notice_for(number, guess, now, address=HERE)
            answers.add(str(refused.value.as_problem()))
        assert len(answers) == 1

    def test_a_number_as_long_as_a_book_is_refused_alike(self, now):
        with pytest.raises(NotThere):
            notice_tokens.notice_for("J" * 100_000, "x" * 100_000, now, address=HERE)


class TestGuessing:
    def guess(self, letter, now, times, address=HERE):
        for _ in range(times):
            with pytest.raises(NotThere):
                opened(letter, "wrong", now, address)

    def test_an_address_runs_dry_even_with_the_right_code(self, letter, now):
        token = notice_tokens.issue(letter, now)
        self.guess(letter, now, notice_tokens.BY_ADDRESS.failures_max)
        with pytest.raises(TooOften):
            opened(letter, token, now)
        assert opened(letter, token, now, address="198.51.100.1") == letter

    def test_a_number_runs_dry_whatever_the_address(self, letter, now):
        token = notice_tokens.issue(letter, now)
        for number in range(notice_tokens.BY_NUMBER.failures_max):
            self.guess(letter, now, 1, address=f"198.51.100.{number}")
        with pytest.raises(TooOften):
            opened(letter, token, now, address="203.0.113.9")

    def test_opening_with_the_right_code_costs_nothing(self, letter, now):
        token = notice_tokens.issue(letter, now)
        for _ in range(notice_tokens.BY_ADDRESS.failures_max + 5):
            assert opened(letter, token, now) == letter
        assert not AttemptCount.objects.exists()

    def test_after_the_span_it_opens_again(self, letter, now):
        token = notice_tokens.issue(letter, now)
        self.guess(letter, now, notice_tokens.BY_ADDRESS.failures_max)
        assert opened(letter, token, now + notice_tokens.BY_ADDRESS.span) == letter

    def test_no_network_address_is_kept(self, letter, now):
        self.guess(letter, now, 1)
        assert all(HERE not in str(row) for row in AttemptCount.objects.values_list())

    def test_old_counts_are_thrown_away(self, letter, now):
        self.guess(letter, now, 1)
        self.guess(letter, now + attempts.KEPT * 2, 1)
        assert AttemptCount.objects.count() == 2  # of the address and of the number, both of the later day


GUESSER = """
import os, sys
import django
django.setup()
from datetime import datetime
from institutions.errors import NotThere, TooOften
from institutions.services import notice_tokens
try:
    notice_tokens.notice_for(sys.argv[1], "wrong", datetime.fromisoformat(sys.argv[2]), address=sys.argv[3])
except NotThere:
    print("refused")
except TooOften:
    print("too often")
"""


@pytest.mark.django_db(transaction=True)
def test_guesses_are_counted_across_processes(now):
    """Ten failures in another process close the door in this one."""
    letter = letter_to(PractitionerFactory(), now)
    token = notice_tokens.issue(letter, now)
    for _ in range(notice_tokens.BY_ADDRESS.failures_max - 1):
        with pytest.raises(NotThere):
            opened(letter, "wrong", now)
    environment = env.for_children(
        {
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "JIFEN_TEST_DATABASE": str(connection.settings_dict["NAME"]),
        }
    )
    command = [sys.executable, "-c", GUESSER, letter.number, now.isoformat(), HERE]
    said = [
        subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=60).stdout.strip()
        for _ in range(2)
    ]
    assert said == ["refused", "too often"]
    with pytest.raises(TooOften):
        opened(letter, token, now)

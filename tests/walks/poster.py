"""`python -m tests.walks.poster PEOPLE LAST_DAY`: a clerk in a process of its own, who may be killed at any time.

Reads the numbers of acts from standard input, one a line; performs each and answers with its number. `settle` makes the
town, `end` runs every job once more and answers with the state of things as JSON.
"""

import os
import sys
from datetime import date

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")


def main() -> None:
    """Serve until the input ends."""
    django.setup()
    from config import env
    from institutions import clock
    from tests.walks import bombs, end_state, script, story
    from tests.walks.town import Town

    bombs.install(env.VAR_DIR, "poster")
    people = story.people(int(sys.argv[1]))
    acts = script.acts(people, date.fromisoformat(sys.argv[2]))
    town = Town(people)
    for line in sys.stdin:
        order = line.strip()
        if order == "settle":
            town.settle()
        elif order == "end":
            _answer(end_state.as_json(acts[-1].at))
            continue
        else:
            act = acts[int(order)]
            town.find()
            clock.move_to(act.at)
            script.perform(act, town)
        _answer(order)


def _answer(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()

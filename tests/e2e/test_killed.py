"""An `up` that is killed, then `oncall recover` and `up` again: nothing lost, nothing twice.

KILL_SEED chooses other moments; `benchmarks/kill_up.py` tries many more of them on a larger inventory.
"""

import os
import random
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from benchmarks.kill_up import JITTER_S, VICTIMS, Outcome, disturbed, undisturbed
from benchmarks.make_inventory import make

pytestmark = pytest.mark.e2e

SEED = int(os.environ.get("KILL_SEED", "4"))
TEAMS = 3  # makes about 60 objects: one team at PagerDuty, one at OpsGenie, one at both
AT_A_TIME = 2  # lives mostly wait, for the accounts and for one another's engines


@pytest.fixture(scope="module")
def outcomes() -> dict[str, Future[Outcome]]:
    """One killed `up` for each victim, started together."""
    chance = random.Random(SEED)
    text = make(TEAMS, servers=2)
    wanted, made = undisturbed(text)
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        return {
            victim: pool.submit(
                disturbed, text, victim, chance.randint(5, made - 5), chance.uniform(0, JITTER_S), wanted
            )
            for victim in VICTIMS
        }


@pytest.mark.parametrize("victim", VICTIMS)
def test_after_a_kill_the_accounts_end_as_if_nothing_had_been(
    outcomes: dict[str, Future[Outcome]], victim: str
) -> None:
    outcome = outcomes[victim].result()

    where = f"KILL_SEED={SEED}: {victim} killed after {outcome.after} resources; recover: {outcome.recovered}"
    assert outcome.ended == "equal", where


def test_an_engine_that_was_killed_leaves_a_lock_that_recover_takes_away(
    outcomes: dict[str, Future[Outcome]],
) -> None:
    assert outcomes["engine"].result().recovered["lock_taken_away"] is True

"""Whoever is killed while writing leaves a whole store: what was acknowledged is there, the rest whole
or absent."""

import multiprocessing
import random
import time
from collections.abc import Callable
from multiprocessing.connection import Connection

import polars as pl
import pytest

from tests.evidence.killed_writer import BATCH, IMPORTED, SIGNING, control, take_in, write
from tests.evidence.world import every_event, occasion
from trialkit.evidence.log.actions import Door, EventAction
from trialkit.evidence.signing.passphrases import ScryptCost, set_passphrase
from trialkit.evidence.verifying.verifying import verify
from trialkit.evidence.writing.beginning import begin

KILLS_OF_A_STORE = 50
KILLS_OF_CONTROL = 25
KILLS_OF_IMPORT = 25
LONGEST_OF_CONTROL = 0.8
LONGEST_SECONDS = 0.05
"""Of writing, before the process is killed: some batches, so that each place in one is met."""


def killed_once(
    place: str,
    run: int,
    chance: random.Random,
    writer: Callable[..., None] = write,
    *,
    longest: float = LONGEST_SECONDS,
) -> list[tuple[int, str]]:
    """Start a writer, kill it at a random moment, and tell what it said was written."""
    process, listening = started(writer, place, run)
    said = [listening.recv()] if listening.poll(30) else []
    time.sleep(chance.uniform(0, longest))
    process.kill()
    process.join()
    try:
        while listening.poll():
            said.append(listening.recv())
    except EOFError:
        pass
    listening.close()
    return said


def started(
    writer: Callable[..., None], place: str, run: int
) -> tuple[multiprocessing.process.BaseProcess, Connection]:
    """A process that writes, and where it tells what was written."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.evidence.killed_writer"])
    listening, saying = context.Pipe(duplex=False)
    process = context.Process(target=writer, args=(place, run, saying), daemon=True)
    process.start()
    saying.close()
    return process, listening


def seconds_of_a_batch(place: str) -> float:
    """What one takes here and now, on a machine that may be busy."""
    process, listening = started(write, place, KILLS_OF_A_STORE)
    listening.recv()
    begun = time.monotonic()
    listening.recv()
    took = time.monotonic() - begun
    process.kill()
    process.join()
    listening.close()
    return took


@pytest.mark.slow
@pytest.mark.parametrize("part", range(10))
def test_nothing_acknowledged_is_lost_and_nothing_is_half_written(kept, part):
    begin(kept.store, trial="ISRCTN00000000", occasion=occasion(door=Door.STORE))
    place = str(kept.path) if kept.path else kept.application_url
    chance = random.Random(part)
    longest = max(LONGEST_SECONDS, 3 * seconds_of_a_batch(place))
    acknowledged = []
    for run in range(KILLS_OF_A_STORE):
        said = killed_once(place, run, chance, longest=longest)
        assert said
        acknowledged += said

    found = every_event(kept.store)
    hashes = dict(found.select("seq", "hash").iter_rows())
    # a lost event would have left its number to another one, of another hash
    assert all(hashes.get(seq) == kept_hash for seq, kept_hash in acknowledged)
    problems = [each for each in verify(kept.store).problems if each.trace != "clock set back"]
    assert not problems
    batches = (
        found.filter(pl.col("action") != EventAction.BEGAN)
        .group_by("batch")
        .agg(pl.len(), pl.col("action").first())
    )
    redacted = batches.filter(pl.col("action") == EventAction.REDACTED)
    entered = batches.filter(pl.col("action") != EventAction.REDACTED)
    assert set(entered["len"]) == {BATCH}
    assert set(redacted["len"]) <= {1}
    assert entered.height > KILLS_OF_A_STORE + 2


@pytest.mark.slow
@pytest.mark.parametrize("part", range(2))
def test_lock_mark_signature_and_unlocking_are_whole_or_absent(kept, part):
    """What stands in the tables of control is made of the log: ``verify`` holds one to the other."""
    begin(kept.store, trial="ISRCTN00000000", occasion=occasion(door=Door.STORE), is_open=True)
    set_passphrase(kept.store, SIGNING, occasion(), cost=ScryptCost(n=16, r=1, p=1))
    place = str(kept.path) if kept.path else kept.application_url
    chance = random.Random(100 + part)
    acknowledged = []
    for run in range(KILLS_OF_CONTROL):
        said = killed_once(place, run, chance, control, longest=LONGEST_OF_CONTROL)
        assert said
        acknowledged += said

    found = every_event(kept.store)
    hashes = dict(found.select("seq", "hash").iter_rows())
    assert all(hashes.get(seq) == kept_hash for seq, kept_hash in acknowledged)
    assert not [each for each in verify(kept.store).problems if each.trace != "clock set back"]
    done = found.group_by("batch").agg(pl.len(), pl.col("action").first())
    assert set(done.filter(pl.col("action") == EventAction.FORM_OPENED)["len"]) == {3}
    assert set(done.filter(pl.col("action") != EventAction.FORM_OPENED)["len"]) == {1}
    assert {EventAction.LOCKED, EventAction.SIGNED, EventAction.UNLOCKED} <= set(found["action"])


@pytest.mark.slow
@pytest.mark.parametrize("part", range(2))
def test_an_import_is_there_with_its_definitions_or_absent(kept, part):
    begin(kept.store, trial="ISRCTN00000000", occasion=occasion(door=Door.STORE))
    place = str(kept.path) if kept.path else kept.application_url
    chance = random.Random(200 + part)
    acknowledged = []
    for run in range(KILLS_OF_IMPORT):
        said = killed_once(place, run, chance, take_in)
        assert said
        acknowledged += said

    found = every_event(kept.store)
    hashes = dict(found.select("seq", "hash").iter_rows())
    assert all(hashes.get(seq) == kept_hash for seq, kept_hash in acknowledged)
    assert not [each for each in verify(kept.store).problems if each.trace != "clock set back"]
    done = found.filter(pl.col("seq") > 1)
    defined = pl.col("action") == EventAction.DEFINED
    assert done.filter(defined).height * IMPORTED == done.filter(~defined).height
    assert set(done.filter(~defined).group_by("batch").len()["len"]) == {IMPORTED}

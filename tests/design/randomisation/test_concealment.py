"""An attack: from everything that a blinded person may read, the next arm is not found out.

What they may read is the trial's folder (protocol, commitment, audit trail), with the sizes and
times of its files, and the length of the vault's files too. If all of this is the same, but for the
commitment, whatever the arms are, then nothing in it can lead to an arm; the commitment itself is
attacked by trying all lists.
"""

import hashlib
import hmac
import json
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from tests.design.randomisation.conftest import (
    Running,
    begin,
    blocks_plan,
    minimised_plan,
    moment,
)
from trialkit.design.randomisation.emergency import unblind
from trialkit.design.randomisation.keeping import allocate, correct, void
from trialkit.design.randomisation.lists import canonical_list, make_list
from trialkit.design.randomisation.plans import RandomisationPlan
from trialkit.design.randomisation.schemes import PermutedBlocks

SEEDS = ("one", "two", "three", "four", "five")


def carried_out(folder: Path, plan: RandomisationPlan, seed: str) -> tuple[Running, list[str]]:
    """The same people, in the same order and at the same minutes, whatever the key."""
    running = begin(folder, plan, seed=seed)
    arms = []
    for number, site in enumerate("NSNNSN"):
        levels = {factor.name: factor.levels[number % 2] for factor in plan.factors}
        levels["site"] = site
        given = allocate(
            running.trial,
            running.vault,
            subject=f"P{number}",
            levels=levels,
            moment=moment(number + 1),
        )
        arms.append(given.arm)
    act = (running.trial, running.vault)
    void(*act, subject="P1", reason="not eligible", moment=moment(20))
    correct(*act, subject="P2", field="site", to="S", reason="typed", moment=moment(21))
    arms.append(unblind(*act, subject="P3", reason="severe event", moment=moment(22)).arm)
    return running, arms


def readable(running: Running) -> dict[str, str]:
    """Every file of the trial's folder as text, hashes and commitment put out of sight."""
    texts = {}
    for path in sorted(running.trial.rglob("*")):
        if path.is_file():
            raw = path.read_text()
            for line in raw.splitlines() if path.suffix == ".jsonl" else ():
                entry = json.loads(line)
                for name in ("hash", "previous", "commitment"):
                    raw = raw.replace(entry[name], "#" * len(entry[name])) if entry[name] else raw
            texts[path.name] = raw
    published = json.loads((running.record / "commitment.json").read_text())["commitment"]
    return {name: text.replace(published, "#" * 64) for name, text in texts.items()}


@pytest.mark.parametrize("plan", [blocks_plan(), minimised_plan()], ids=["blocks", "minimised"])
def test_what_can_be_read_is_the_same_whatever_the_arms_are(
    tmp_path: Path, plan: RandomisationPlan
) -> None:
    found = [carried_out(tmp_path / seed, plan, seed) for seed in SEEDS]
    texts = [readable(running) for running, _ in found]

    assert len({tuple(arms) for _, arms in found}) > 1
    assert all(text == texts[0] for text in texts)


def test_hashes_of_the_trail_follow_from_what_is_readable_alone(tmp_path: Path) -> None:
    running, _ = carried_out(tmp_path, blocks_plan(), "one")
    previous = "0" * 64
    for line in running.trail.read_text().splitlines():
        entry = json.loads(line)
        shown = entry.pop("hash")
        content = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert entry["previous"] == previous
        assert hashlib.sha256(content.encode()).hexdigest() == shown
        previous = shown


def test_sizes_of_all_files_are_the_same_whatever_the_arms_are(tmp_path: Path) -> None:
    plan = replace(blocks_plan(), scheme=PermutedBlocks(lengths=(4,)))
    sizes = []
    for seed in SEEDS:
        running, _ = carried_out(tmp_path / seed, plan, seed)
        folders = (running.trial, running.vault.folder)
        files = [path for folder in folders for path in sorted(folder.rglob("*"))]
        sizes.append([(path.name, path.stat().st_size) for path in files if path.is_file()])
    assert all(each == sizes[0] for each in sizes)


def test_sealed_slots_are_of_one_length_and_all_different(running: Running) -> None:
    sealed = running.vault.read_sealed()
    assert len({len(each) for each in sealed.values()}) == 1
    assert len(set(sealed.values())) == len(sealed)
    assert not any(
        code.encode().hex() in each for each in sealed.values() for code in ("NEW", "OLD")
    )


def test_the_vault_is_not_touched_by_an_allocation(running: Running) -> None:
    before = {path: path.stat().st_mtime_ns for path in running.vault.folder.iterdir()}
    content = {path: path.read_bytes() for path in before}
    allocate(running.trial, running.vault, subject="P1", levels={"site": "N"}, moment=moment(1))
    assert {path: path.stat().st_mtime_ns for path in running.vault.folder.iterdir()} == before
    assert {path: path.read_bytes() for path in before} == content


def test_only_the_owner_can_read_the_vault(running: Running) -> None:
    assert running.vault.folder.stat().st_mode & 0o077 == 0
    for path in running.vault.folder.iterdir():
        assert path.stat().st_mode & 0o077 == 0, path


def test_the_commitment_is_not_found_by_trying_all_lists(tmp_path: Path) -> None:
    """A bare hash of a short list is found at once; the one under a nonce is not."""
    plan = replace(blocks_plan(), scheme=PermutedBlocks(lengths=(4,)), factors=())
    running = begin(tmp_path, plan)
    public = json.loads((running.record / "commitment.json").read_text())
    secret = canonical_list(plan, running.secrets.key)
    listed = make_list(plan, running.secrets.key)
    head = secret.decode().split("\nall|1|")[0]

    def candidate(arms: tuple[str, ...]) -> bytes:
        lines = [
            f"{slot.stratum}|{slot.number}|{slot.block}|{arm}"
            for slot, arm in zip(listed, arms, strict=True)
        ]
        return (head + "\n" + "\n".join(lines) + "\n").encode()

    guesses = [candidate(arms) for arms in product(plan.arms.codes, repeat=len(listed))]
    bare = {hashlib.sha256(guess).hexdigest() for guess in guesses}
    keys = (b"", b"\0" * 32, plan.trial.encode(), public["time"].encode())
    keyed = {hmac.digest(key, guess, hashlib.sha256).hex() for key in keys for guess in guesses}

    assert secret in guesses
    assert hashlib.sha256(secret).hexdigest() in bare
    assert public["commitment"] not in bare | keyed


def test_the_trail_and_the_commitment_name_no_arm(tmp_path: Path) -> None:
    running, _ = carried_out(tmp_path, blocks_plan(), "one")
    for text in readable(running).values():
        assert "NEW" not in text
        assert "OLD" not in text
        assert "lengths" not in text

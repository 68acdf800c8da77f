"""A randomisation is recomputed from what is at hand, and what does not agree is told."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from tests.design.randomisation.conftest import Running, begin, blocks_plan, counted, moment
from trialkit.design.randomisation.keeping import allocate, correct, reveal, void
from trialkit.design.randomisation.lists import make_list
from trialkit.design.randomisation.minimisation import Factor
from trialkit.design.randomisation.sealing import seal_list
from trialkit.design.randomisation.trail_file import read_trail
from trialkit.design.randomisation.verifying import Balance, balance, opened, verify
from trialkit.errors import DesignError

CHAIN = "4 lines of the audit trail, their chain and their order"
LIST = "the list from its key, and the commitment"
SLOTS = "every slot of the sealed list"


def given(running: Running) -> dict[str, str]:
    """Three people, two of them at the site N, and their arms."""
    return {
        subject: allocate(
            running.trial,
            running.vault,
            subject=subject,
            levels={"site": site},
            moment=moment(minute),
        ).arm
        for minute, (subject, site) in enumerate((("P1", "N"), ("P2", "S"), ("P3", "N")), 1)
    }


def test_what_was_checked_is_told_and_more_with_the_vault(running: Running) -> None:
    arms = given(running)
    head = read_trail(running.trail)[-1].hash
    outside = verify(running.record)
    assert (outside.checked, outside.problems, outside.head) == ((CHAIN,), (), head)
    inside = verify(running.record, vault=running.vault, head=head, entered=arms)
    assert inside.problems == ()
    assert inside.checked == (
        CHAIN,
        "the hash that was given",
        LIST,
        SLOTS,
        "the arms entered in the data",
    )


def test_minimisation_has_no_sealed_list(minimised: Running) -> None:
    assert verify(minimised.record, vault=minimised.vault).checked == (
        "1 lines of the audit trail, their chain and their order",
        LIST,
    )


def test_a_revealed_list_is_opened_without_the_vault(running: Running) -> None:
    assert opened(running.record, None) is None
    given(running)
    reveal(running.trial, running.vault, reason="locked", moment=moment(9))
    public, private = opened(running.record, None), opened(running.record, running.vault)
    assert public == private
    assert public is not None
    assert (public.plan, public.key, public.nonce) == (
        running.plan,
        running.secrets.key,
        running.secrets.nonce,
    )
    assert verify(running.record).checked[1:] == (LIST,)
    (running.record / "revealed.json").write_text("{}")
    with pytest.raises(DesignError, match=r"revealed.json: is no revealed list"):
        opened(running.record, None)


def test_a_record_without_a_trail_or_with_another_commitment_is_told(running: Running) -> None:
    published = running.record / "commitment.json"
    published.write_text(json.dumps({"commitment": "other"}))
    assert verify(running.record).problems == (
        "commitment.json states another commitment than the audit trail",
    )
    for content in ("{}", "[", ""):
        published.write_text(content)
        assert verify(running.record).problems == (
            "commitment.json is not there or cannot be read",
        )
    published.unlink()
    assert len(verify(running.record).problems) == 1
    running.trail.unlink()
    with pytest.raises(DesignError, match="there is no audit trail to verify"):
        verify(running.record)


def test_a_hash_that_was_shown_and_is_not_there_is_told(running: Running) -> None:
    (problem,) = verify(running.record, head="ab" * 32).problems
    assert problem == f"no line has the hash {'ab' * 32}: lines were cut off or replaced"


def test_a_hash_is_taken_as_it_was_typed_from_paper_and_whole(running: Running) -> None:
    head = verify(running.record).head
    typed = " ".join(head.upper()[at : at + 8] for at in range(0, 64, 8))
    assert verify(running.record, head=typed).problems == ()
    for part in ("", head[:20], f"{head}0", "g" * 64):
        with pytest.raises(
            DesignError, match=r"--head: found .* expected the 64 hexadecimal digits"
        ):
            verify(running.record, head=part)


def test_a_sealed_list_with_other_slots_or_arms_is_told(running: Running) -> None:
    path = running.vault.folder / "sealed.json"
    sealed = json.loads(path.read_text())
    path.write_text(json.dumps(dict(list(sealed.items())[1:])))
    assert verify(running.record, vault=running.vault).problems == (
        "the sealed list has other slots than the list made from the key",
    )
    swap = {"NEW": "OLD", "OLD": "NEW"}
    slots = make_list(running.plan, running.secrets.key)
    for many in (0, 3):
        other = [
            replace(slot, arm=swap[slot.arm]) if place < many else slot
            for place, slot in enumerate(slots)
        ]
        path.write_text(json.dumps(seal_list(other, running.secrets.seal, counted("x"))))
        problems = verify(running.record, vault=running.vault).problems
        assert problems == (("3 sealed slots hold another arm than the list",) if many else ())
    path.write_text(json.dumps(seal_list(slots, b"k" * 32, counted("x"))))
    (problem,) = verify(running.record, vault=running.vault).problems
    assert problem == (
        "slot site=N|1 does not open: the key is of another list, or the sealed list was changed"
    )


def test_arms_of_the_data_that_differ_or_are_nobodys_are_named_up_to_eight(
    running: Running,
) -> None:
    arms = given(running)
    swap = {"NEW": "OLD", "OLD": "NEW"}
    strangers = [f"X{number}" for number in range(1, 11)]
    entered = arms | {"P2": swap[arms["P2"]]} | dict.fromkeys(strangers, "NEW")
    assert verify(running.record, vault=running.vault, entered=entered).problems == (
        (
            "X1, X2, X3, X4, X5, X6, X7, X8 and 2 more have an arm in the data, but nobody was "
            "randomised by this name"
        ),
        "P2 have another arm in the data than on the list",
    )
    eight = dict.fromkeys(strangers[:8], "NEW")
    (problem,) = verify(running.record, vault=running.vault, entered=eight).problems
    assert problem.startswith("X1, X2, X3, X4, X5, X6, X7, X8 have an arm")
    # who has no row yet is no problem
    assert verify(running.record, vault=running.vault, entered={}).problems == ()


def test_the_balance_counts_arms_by_levels_as_they_are_known_now(tmp_path: Path) -> None:
    sexes = Factor(name="sex", levels=("f", "m"))
    running = begin(tmp_path, replace(blocks_plan(), factors=(*blocks_plan().factors, sexes)))
    people = [("N", "f"), ("N", "m"), ("N", "f"), ("S", "m"), ("N", "f")]
    arms = {
        f"P{number}": allocate(
            running.trial,
            running.vault,
            subject=f"P{number}",
            levels={"site": site, "sex": sex},
            moment=moment(number),
        ).arm
        for number, (site, sex) in enumerate(people)
    }
    correct(
        running.trial,
        running.vault,
        subject="P0",
        field="site",
        to="S",
        reason="typed",
        moment=moment(8),
    )
    void(running.trial, running.vault, subject="P1", reason="not eligible", moment=moment(9))
    known = {f"P{n}": levels for n, levels in enumerate(people)} | {"P0": ("S", "f")}
    found = opened(running.record, running.vault)
    assert found is not None
    counted = balance(found, read_trail(running.trail))
    assert isinstance(counted, Balance)
    assert counted.title == "Balance as reached"

    def of(wanted: dict[int, str]) -> list[int]:
        """NEW and OLD among those with these levels (0 the site, 1 the sex)."""
        counts = Counter(
            arms[subject]
            for subject, levels in known.items()
            if all(levels[place] == level for place, level in wanted.items())
        )
        return [counts["NEW"], counts["OLD"]]

    assert counted.to_frame().columns.tolist() == ["factor", "level", "NEW", "OLD"]
    assert counted.to_frame().to_numpy().tolist() == [
        ["all", "", *of({})],
        ["site", "N", *of({0: "N"})],
        ["site", "S", *of({0: "S"})],
        ["sex", "f", *of({1: "f"})],
        ["sex", "m", *of({1: "m"})],
        ["stratum", "site=N,sex=f", *of({0: "N", 1: "f"})],
        ["stratum", "site=N,sex=m", *of({0: "N", 1: "m"})],
        ["stratum", "site=S,sex=f", *of({0: "S", 1: "f"})],
        ["stratum", "site=S,sex=m", *of({0: "S", 1: "m"})],
    ]

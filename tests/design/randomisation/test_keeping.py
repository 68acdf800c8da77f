"""A list committed to, given out slot by slot, corrected, unblinded and verified."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.design.randomisation.conftest import (
    START,
    Running,
    begin,
    blocks_plan,
    counted,
    minimised_plan,
    moment,
)
from trialkit.design.randomisation.arms import arms_given
from trialkit.design.randomisation.audit import Action, sealed_entry, to_line
from trialkit.design.randomisation.emergency import unblind
from trialkit.design.randomisation.keeping import allocate, commit, correct, reveal, void
from trialkit.design.randomisation.lists import canonical_list, commitment, make_list
from trialkit.design.randomisation.lock import held
from trialkit.design.randomisation.minimisation import Factor
from trialkit.design.randomisation.plans import RandomisationPlan, Use, plan_from_text
from trialkit.design.randomisation.record import LOCK, Allocated, Moment
from trialkit.design.randomisation.trail_file import read_trail
from trialkit.design.randomisation.vault import vault_for
from trialkit.design.randomisation.verifying import balance, opened, verify
from trialkit.errors import DesignError

N, S = {"site": "N"}, {"site": "S"}


def give(running: Running, subject: str, levels: dict[str, str], minute: int = 1) -> str:
    return allocate(
        running.trial, running.vault, subject=subject, levels=levels, moment=moment(minute)
    ).arm


def test_arms_are_given_in_the_order_of_each_stratum_list(running: Running) -> None:
    order = ["N", "S", "N", "N", "S", "N"]
    given = {site: [] for site in "NS"}
    for number, site in enumerate(order):
        given[site].append(give(running, f"P{number}", {"site": site}))

    listed = make_list(running.plan, running.secrets.key)
    for site, arms in given.items():
        expected = [slot.arm for slot in listed if slot.stratum == f"site={site}"]
        assert arms == expected[: len(arms)]
    assert verify(running.record, vault=running.vault).problems == ()


def test_the_last_block_of_a_stratum_is_whole(running: Running) -> None:
    listed = make_list(running.plan, running.secrets.key)
    for stratum in running.plan.strata:
        arms = [slot.arm for slot in listed if slot.stratum == stratum]
        assert len(arms) >= running.plan.slots
        assert arms.count("NEW") == arms.count("OLD")


def test_another_stratum_changes_no_list_of_the_others(running: Running) -> None:
    wider = replace(
        running.plan, factors=(replace(running.plan.factors[0], levels=("N", "S", "W")),)
    )
    before = make_list(running.plan, running.secrets.key)
    assert make_list(wider, running.secrets.key)[: len(before)] == before


def test_a_plan_survives_its_text() -> None:
    for plan in (blocks_plan(), minimised_plan(), blocks_plan(Use.TRAINING)):
        assert plan_from_text(plan.to_text()) == plan


def test_nobody_is_randomised_twice_nor_into_an_unknown_stratum(running: Running) -> None:
    give(running, "P1", N)
    with pytest.raises(DesignError, match="randomised already"):
        give(running, "P1", S)
    with pytest.raises(DesignError, match="site='X' is no level"):
        give(running, "P2", {"site": "X"})
    with pytest.raises(DesignError, match="needs site"):
        give(running, "P2", {})
    with pytest.raises(DesignError, match="no name"):
        give(running, " ", N)


def test_a_list_that_is_used_up_says_so(running: Running) -> None:
    slots = [s for s in make_list(running.plan, running.secrets.key) if s.stratum == "site=N"]
    for number in range(len(slots)):
        give(running, f"P{number}", N)
    with pytest.raises(DesignError, match=f"all {len(slots)} slots of the list are used up"):
        give(running, "late", N)


def test_a_voided_slot_is_passed_over_and_a_voided_subject_stays_out(running: Running) -> None:
    slots = [s.arm for s in make_list(running.plan, running.secrets.key) if s.stratum == "site=N"]
    give(running, "P1", N)
    void(running.trial, running.vault, levels=N, reason="kit broken", moment=moment(2))
    assert give(running, "P2", N, 3) == slots[2]
    void(running.trial, running.vault, subject="P2", reason="not eligible", moment=moment(4))
    with pytest.raises(DesignError, match="randomised already"):
        give(running, "P2", N, 5)
    with pytest.raises(DesignError, match="void already"):
        void(running.trial, running.vault, subject="P2", reason="again", moment=moment(5))
    assert verify(running.record, vault=running.vault).problems == ()


def test_voids_corrections_and_unblinding_need_a_reason_and_a_person(running: Running) -> None:
    give(running, "P1", N)
    with pytest.raises(DesignError, match="reason"):
        void(running.trial, running.vault, subject="P1", reason=" ", moment=moment(2))
    with pytest.raises(DesignError, match="reason"):
        unblind(running.trial, running.vault, subject="P1", reason="", moment=moment(2))
    with pytest.raises(DesignError, match="reason"):
        correct(
            running.trial,
            running.vault,
            subject="P1",
            field="site",
            to="S",
            reason="",
            moment=moment(2),
        )
    with pytest.raises(DesignError, match="person"):
        allocate(
            running.trial,
            running.vault,
            subject="P2",
            levels=N,
            moment=moment(2, person=" "),
        )


def test_a_correction_moves_nobody(running: Running) -> None:
    arm = give(running, "P1", N)
    following = [
        s.arm for s in make_list(running.plan, running.secrets.key) if s.stratum == "site=N"
    ]
    for field, to, name in (("site", "S", "P1"), ("subject_id", "P-1", "P1")):
        correct(
            running.trial,
            running.vault,
            subject=name,
            field=field,
            to=to,
            reason="typed wrongly",
            moment=moment(2),
        )
    again = unblind(running.trial, running.vault, subject="P-1", reason="harm", moment=moment(3))
    assert again.arm == arm
    assert give(running, "P2", N, 4) == following[1]
    trail = read_trail(running.trail)
    found = opened(running.record, running.vault)
    assert found is not None
    table = balance(found, trail).to_frame().set_index(["factor", "level"])
    assert table.loc[("site", "S")].sum() == 1
    assert table.loc[("all", "")].sum() == 2


def test_balance_is_counted_by_factor_and_by_stratum(tmp_path: Path) -> None:
    sexes = Factor(name="sex", levels=("f", "m"))
    plan = replace(blocks_plan(), factors=(*blocks_plan().factors, sexes))
    running = begin(tmp_path, plan)
    for number, (site, sex) in enumerate([("N", "f"), ("N", "m"), ("N", "f"), ("S", "m")]):
        give(running, f"P{number}", {"site": site, "sex": sex})
    found = opened(running.record, running.vault)
    assert found is not None
    counted = balance(found, read_trail(running.trail)).to_frame()
    total = counted.set_index(["factor", "level"])[["NEW", "OLD"]].sum(axis=1)

    assert total["all", ""] == 4
    assert (total["site", "N"], total["sex", "m"]) == (3, 2)
    assert (total["stratum", "site=N,sex=f"], total["stratum", "site=S,sex=f"]) == (2, 0)


def test_minimisation_is_recomputed_from_the_trail(minimised: Running) -> None:
    people = [("N", "f"), ("N", "m"), ("S", "f"), ("N", "f"), ("S", "m"), ("N", "f")]
    arms = {}
    for number, (site, sex) in enumerate(people):
        arms[f"P{number}"] = give(minimised, f"P{number}", {"site": site, "sex": sex}, number + 1)
    correct(
        minimised.trial,
        minimised.vault,
        subject="P0",
        field="site",
        to="S",
        reason="typed wrongly",
        moment=moment(10),
    )
    arms["P9"] = give(minimised, "P9", {"site": "S", "sex": "m"}, 11)

    key, _ = minimised.vault.read_key()
    assert arms_given(minimised.plan, key, read_trail(minimised.trail)) == arms
    assert verify(minimised.record, vault=minimised.vault, entered=arms).problems == ()


def test_after_the_list_is_revealed_anybody_can_verify_and_nobody_is_randomised(
    running: Running,
) -> None:
    arms = {name: give(running, name, N) for name in ("P1", "P2", "P3")}
    reveal(running.trial, running.vault, reason="database locked", moment=moment(9))

    found = verify(running.record, entered=arms)
    assert found.problems == ()
    assert "the list from its key, and the commitment" in found.checked
    other = {**arms, "P1": "OLD" if arms["P1"] == "NEW" else "NEW", "P7": "NEW"}
    problems = " ".join(verify(running.record, entered=other).problems)
    assert "P1 have another arm" in problems
    assert "P7 have an arm in the data, but nobody" in problems
    with pytest.raises(DesignError, match="after the list was revealed"):
        give(running, "P4", N, 10)


def test_the_commitment_binds_the_list(running: Running) -> None:
    listed = canonical_list(running.plan, running.secrets.key)
    published = json.loads((running.record / "commitment.json").read_text())["commitment"]

    assert commitment(running.secrets.nonce, listed) == published
    other = canonical_list(running.plan, b"another key")
    assert commitment(running.secrets.nonce, other) != published
    with pytest.raises(DesignError, match="256 bits"):
        commitment(b"short", listed)


def test_another_list_in_the_vault_is_found_out(running: Running, tmp_path: Path) -> None:
    give(running, "P1", N)
    other = begin(tmp_path / "elsewhere", running.plan, seed="another")
    (running.vault.folder / "secret.json").write_bytes(
        (other.vault.folder / "secret.json").read_bytes()
    )
    problems = " ".join(verify(running.record, vault=running.vault).problems)
    assert "not the one that was committed to" in problems


def test_a_sealed_slot_that_was_exchanged_does_not_open(running: Running) -> None:
    path = running.vault.folder / "sealed.json"
    sealed = json.loads(path.read_text())
    sealed["site=N|1"], sealed["site=N|2"] = sealed["site=N|2"], sealed["site=N|1"]
    path.write_text(json.dumps(sealed))
    with pytest.raises(DesignError, match="does not open"):
        give(running, "P1", N)
    assert read_trail(running.trail)[-1].action == "committed"
    assert verify(running.record, vault=running.vault).problems


@pytest.mark.parametrize(
    "damage",
    [
        lambda lines: [lines[0], lines[1].replace('"P1"', '"P8"'), *lines[2:]],
        lambda lines: [lines[0], *lines[2:]],
        lambda lines: [lines[0], lines[2], lines[1], *lines[3:]],
        lambda lines: [*lines, lines[-1]],
    ],
    ids=["changed", "taken out", "exchanged", "doubled"],
)
def test_a_damaged_trail_is_found_and_stops_everything(running: Running, damage) -> None:
    for name in ("P1", "P2", "P3"):
        give(running, name, N)
    lines = running.trail.read_text().splitlines(keepends=True)
    running.trail.write_text("".join(damage(lines)))

    assert verify(running.record).problems
    with pytest.raises(DesignError, match="does not hold together"):
        give(running, "P4", N, 5)


def test_lines_cut_off_the_end_are_found_by_a_hash_that_was_shown(running: Running) -> None:
    for name in ("P1", "P2"):
        give(running, name, N)
    head = verify(running.record).head
    lines = running.trail.read_text().splitlines(keepends=True)
    running.trail.write_text("".join(lines[:-1]))

    assert verify(running.record).problems == ()
    assert "cut off" in verify(running.record, head=head).problems[0]


def test_a_torn_last_line_locks_nobody_out_and_its_slot_stays_taken(running: Running) -> None:
    arm = give(running, "P1", N)
    running.trail.write_bytes(running.trail.read_bytes()[:-20])
    assert verify(running.record).problems == ()
    assert "not written to its end" in verify(running.record).warnings[0]

    given = allocate(running.trial, running.vault, subject="P2", levels=N, moment=moment(2))
    assert given.entry.slot == 2
    assert given.warnings[0] == (
        "line 2: the line before it was not written to its end, or was cut; its text is kept, and "
        "slot 1 counts as taken by 'P1'"
    )
    assert given.warnings[1].startswith("'P1' has slot 1 since ")
    assert [line.action for line in read_trail(running.trail)] == ["committed", "torn", "allocated"]
    again = unblind(running.trial, running.vault, subject="P1", reason="harm", moment=moment(3))
    assert again.arm == arm
    assert verify(running.record, vault=running.vault).problems == ()


def test_of_a_torn_line_that_names_no_slot_the_text_is_kept(running: Running) -> None:
    give(running, "P1", N)
    running.trail.write_bytes(running.trail.read_bytes()[:-200])
    torn = running.trail.read_bytes().splitlines()[-1].decode()
    given = allocate(running.trial, running.vault, subject="P1", levels=N, moment=moment(2))
    assert given.entry.slot == 1
    assert given.warnings == (
        (
            "line 2: the line before it was not written to its end, or was cut; its text is kept, and "
            "nobody has a slot by it"
        ),
    )
    kept = read_trail(running.trail)[1]
    assert (kept.action, kept.old, kept.subject) == ("torn", torn, "")
    assert verify(running.record, vault=running.vault).problems == ()


def test_a_line_that_lacks_only_its_line_feed_is_a_line(running: Running) -> None:
    give(running, "P1", N)
    running.trail.write_bytes(running.trail.read_bytes()[:-1])
    assert verify(running.record).warnings == ()
    give(running, "P2", N, 2)
    assert [line.subject for line in read_trail(running.trail)] == ["", "P1", "P2"]
    assert verify(running.record, vault=running.vault).problems == ()


def clocked(running: Running, subject: str, now: datetime) -> Allocated:
    by = Moment(person="Ann", now=lambda: now)
    return allocate(running.trial, running.vault, subject=subject, levels=N, moment=by)


def test_a_clock_that_steps_back_is_recorded_and_stops_nobody(running: Running) -> None:
    first = datetime(2026, 1, 5, 10, 0, 0, 100_000, tzinfo=UTC)
    assert clocked(running, "P1", first).warnings == ()
    late = clocked(running, "P2", first - timedelta(seconds=0.4))
    assert late.warnings == (
        (
            "the clock of this computer says 2026-01-05T09:59:59.700+00:00, 0.4 s before the time of an "
            "earlier line (2026-01-05T10:00:00.100+00:00): one of the two was wrong, and both are recorded. "
            "Check the clock"
        ),
    )
    assert (late.entry.time, late.entry.clock, late.entry.clock_behind_seconds) == (
        "2026-01-05T10:00:00.100+00:00",
        "2026-01-05T09:59:59.700+00:00",
        0.4,
    )
    assert clocked(running, "P3", first + timedelta(seconds=1)).warnings == ()
    found = verify(running.record, vault=running.vault)
    assert found.problems == ()
    assert found.warnings == (
        (
            "line 3: the clock stood 0.4 s before the time of an earlier line "
            "(2026-01-05T10:00:00.100+00:00); the order is that of the numbers"
        ),
    )
    told = unblind(running.trial, running.vault, subject="P2", reason="harm", moment=moment(1))
    assert told.arm == late.arm


def test_a_clock_that_stood_far_ahead_once_locks_nobody_out(running: Running) -> None:
    now = datetime(2026, 2, 1, tzinfo=UTC)
    clocked(running, "P1", now.replace(year=2099))
    ahead = verify(running.record, now=now)
    assert ahead.problems == ()
    assert "line 2: its clock said 2099-02-01T00:00:00.000+00:00" in ahead.warnings[0]
    for minute, subject in enumerate(("P2", "P3")):
        given = clocked(running, subject, now + timedelta(minutes=minute))
        assert "73 years before" in given.warnings[0]
    times = [line.time for line in read_trail(running.trail)]
    assert times == sorted(times)
    assert [line.said[:10] for line in read_trail(running.trail)[2:]] == ["2026-02-01"] * 2
    found = verify(running.record, vault=running.vault)
    assert found.problems == ()
    assert found.warnings[0].startswith("lines 3 to 4: the clock stood up to 73 years before")


def test_a_time_without_a_zone_is_refused(running: Running) -> None:
    with pytest.raises(DesignError, match="time zone"):
        clocked(running, "P2", datetime(2026, 2, 1))  # noqa: DTZ001


def test_a_trail_of_before_reads_verifies_and_goes_on(running: Running) -> None:
    """Its times are whole seconds, and one goes back, by which the trial was once locked out."""
    trail = list(read_trail(running.trail))
    for number, second in enumerate((30, 29), start=1):
        line = replace(
            trail[-1],
            seq=number + 1,
            time=f"2026-01-05T10:00:{second}+00:00",
            action=Action.ALLOCATED,
            field="",
            new="",
            commitment="",
            subject=f"P{number}",
            stratum=N,
            slot=number,
            previous=trail[-1].hash,
        )
        trail.append(sealed_entry(line))
    running.trail.write_text("".join(to_line(line) for line in trail))
    assert "clock" not in running.trail.read_text()

    given = allocate(running.trial, running.vault, subject="P3", levels=N, moment=moment(90))
    assert (given.entry.slot, given.warnings) == (3, ())
    found = verify(running.record, vault=running.vault)
    assert found.problems == ()
    assert found.warnings == (
        (
            "line 3: the clock stood 1 s before the time of an earlier line "
            "(2026-01-05T10:00:30+00:00); the order is that of the numbers"
        ),
    )


def test_the_clock_is_asked_once_nobody_else_can_write(running: Running) -> None:
    """Whoever waits for the lock has the time at which it is theirs, not at which they came."""
    give(running, "P1", N)
    others: list[str] = []

    def now() -> datetime:
        with pytest.raises(DesignError, match="somebody else"), held(running.record / LOCK, wait=0):
            others.append("came in")
        return START + timedelta(minutes=5)

    by = Moment(person="Ann", now=now)
    assert allocate(running.trial, running.vault, subject="P2", levels=N, moment=by).warnings == ()
    assert others == []


def test_a_list_is_committed_to_once(running: Running) -> None:
    with pytest.raises(DesignError, match="committed to already"):
        commit(
            running.trial,
            running.vault,
            secrets=running.secrets,
            random_bytes=counted("x"),
            moment=moment(1),
        )
    with pytest.raises(DesignError, match="in another folder"):
        running.vault.write_plan(running.plan)


def test_the_vault_cannot_lie_with_the_data(tmp_path: Path) -> None:
    trial = tmp_path / "trial"
    (trial / "data").mkdir(parents=True)
    for folder in (trial, trial / "data", trial / "output" / "vault", tmp_path):
        with pytest.raises(DesignError, match="apart from the trial's folder"):
            vault_for(trial, folder)


def test_a_link_out_of_the_trial_and_back_is_seen_through(tmp_path: Path) -> None:
    trial = tmp_path / "trial"
    trial.mkdir()
    (tmp_path / "link").symlink_to(trial)
    with pytest.raises(DesignError, match="apart"):
        vault_for(trial, tmp_path / "link" / "vault")


def test_training_is_another_list_in_another_place(running: Running, tmp_path: Path) -> None:
    training = begin(tmp_path, blocks_plan(Use.TRAINING), seed="training")

    assert training.record != running.record
    assert training.vault.folder != running.vault.folder
    listed = [make_list(each.plan, each.secrets.key) for each in (running, training)]
    assert [slot.arm for slot in listed[0]] != [slot.arm for slot in listed[1]]
    give(training, "P1", N)
    assert len(read_trail(running.trail)) == 1


def test_a_lock_file_that_was_left_behind_locks_nobody_out(running: Running) -> None:
    (running.record / LOCK).touch()
    give(running, "P1", N)
    assert verify(running.record).warnings == ()


def test_a_slot_whose_arm_was_not_shown_is_told_until_it_is_seen(running: Running) -> None:
    def fail(given: Allocated) -> None:
        raise BrokenPipeError

    act = (running.trial, running.vault)
    with pytest.raises(BrokenPipeError):
        allocate(*act, subject="P1", levels=N, moment=moment(1), show=fail)
    said = (
        "'P1' has slot 1 since 2026-01-05T09:01:00.000+00:00, but the program ended before it was "
        "known that the arm was shown; see it by 'trialkit randomise unblind --subject P1 --reason …'"
    )
    assert verify(running.record).warnings == (said,)
    assert allocate(*act, subject="P2", levels=N, moment=moment(2)).warnings == (said,)
    assert [line.action for line in read_trail(running.trail)][1:] == [
        "allocated", "interrupted", "allocated",
    ]  # fmt: skip
    assert verify(running.record).warnings == (said,)
    with pytest.raises(DesignError, match="if the arm was not seen, unblind with a reason"):
        give(running, "P1", N, 3)
    unblind(*act, subject="P1", reason="the screen went dark", moment=moment(4))
    assert verify(running.record, vault=running.vault) == replace(
        verify(running.record, vault=running.vault), problems=(), warnings=()
    )
    assert allocate(*act, subject="P3", levels=N, moment=moment(5)).warnings == ()


def test_a_slot_that_was_not_seen_and_is_void_is_told_no_more(running: Running) -> None:
    give(running, "P1", N)
    (running.record / LOCK).write_text(read_trail(running.trail)[-1].hash)
    void(running.trial, running.vault, subject="P1", reason="not eligible", moment=moment(2))
    assert verify(running.record).warnings == ()
    assert (running.record / LOCK).read_text() == ""


def test_of_minimisation_a_torn_line_keeps_the_arms_that_come_after(minimised: Running) -> None:
    levels = {"site": "N", "sex": "f"}
    arms = {name: give(minimised, name, levels) for name in ("P1", "P2")}
    minimised.trail.write_bytes(minimised.trail.read_bytes()[:-20])
    arms["P3"] = give(minimised, "P3", levels, 2)
    found = verify(minimised.record, vault=minimised.vault, entered=arms)
    assert found.problems == ()


def test_a_revealed_list_that_was_not_published_to_the_end_is_published_again(
    running: Running,
) -> None:
    reveal(running.trial, running.vault, reason="locked", moment=moment(1))
    published = running.record / "revealed.json"
    content = published.read_bytes()
    published.unlink()
    assert "revealed.json is not there" in verify(running.record).warnings[0]
    reveal(running.trial, running.vault, reason="again", moment=moment(2))
    assert published.read_bytes() == content
    with pytest.raises(DesignError, match="revealed already"):
        reveal(running.trial, running.vault, reason="again", moment=moment(3))


def test_a_name_may_hold_every_separator_but_the_line_feed_of_the_file(running: Running) -> None:
    names = ("a\u2028b", "c\x85d", "e\x0cf", "g\nh", "i\r\nj")
    for name in names:
        give(running, name, N)
    assert [line.subject for line in read_trail(running.trail)][1:] == list(names)
    assert verify(running.record, vault=running.vault).problems == ()


@pytest.mark.parametrize("name", ["", " ", " P9", "P9\n"])
def test_nobody_gets_a_name_by_which_nobody_finds_them(running: Running, name: str) -> None:
    give(running, "P1", N)
    for act in (
        lambda: give(running, name, N),
        lambda: correct(
            running.trial,
            running.vault,
            subject="P1",
            field="subject_id",
            to=name,
            reason="typed",
            moment=moment(2),
        ),
    ):
        with pytest.raises(DesignError, match="is no name of a subject"):
            act()
    assert len(read_trail(running.trail)) == 2


def test_what_a_terminal_of_another_encoding_hands_over_is_refused(running: Running) -> None:
    """Python gives bytes that are no UTF-8 as halves of surrogate pairs."""
    broken = "M\udcfcller"
    act = (running.trial, running.vault)
    give(running, "P1", N)
    for attempt in (
        lambda: give(running, broken, N),
        lambda: allocate(*act, subject="P2", levels=N, moment=moment(2, person=broken)),
        lambda: void(*act, subject="P1", reason=broken, moment=moment(2)),
        lambda: correct(
            *act, subject="P1", field="subject_id", to=broken, reason="r", moment=moment(2)
        ),
        lambda: unblind(*act, subject="P1", reason=broken, moment=moment(2)),
    ):
        with pytest.raises(DesignError, match="is no text in UTF-8: the terminal"):
            attempt()
    assert len(read_trail(running.trail)) == 2


@pytest.mark.parametrize("plan", [blocks_plan(), minimised_plan()], ids=["listed", "minimised"])
@pytest.mark.parametrize("has_key", [True, False])
def test_the_vault_of_another_list_gives_no_arm(
    tmp_path: Path, plan: RandomisationPlan, has_key: bool
) -> None:
    """As after a second 'plan' and 'commit', when the vault of the first attempt is named."""
    running = begin(tmp_path / "one", plan)
    levels = {factor.name: factor.levels[0] for factor in plan.factors}
    give(running, "P1", levels)
    trail = running.trail.read_bytes()
    other = begin(tmp_path / "two", plan, seed="another").vault
    if not has_key:
        (other.folder / "secret.json").unlink()
    act = (running.trial, other)
    for attempt in (
        lambda: allocate(*act, subject="P2", levels=levels, moment=moment(2)),
        lambda: void(*act, subject="P1", reason="r", moment=moment(2)),
        lambda: correct(*act, subject="P1", field="site", to="S", reason="r", moment=moment(2)),
        lambda: reveal(*act, reason="r", moment=moment(2)),
        lambda: unblind(*act, subject="P1", reason="harm", moment=moment(2)),
    ):
        with pytest.raises(DesignError, match="is the vault of another list") as error:
            attempt()
        assert not any(code in str(error.value) for code in plan.arms.codes)
    running.trail.write_bytes(trail.replace(b"Ann", b"Eve"))
    with pytest.raises(DesignError, match="is the vault of another list"):
        unblind(*act, subject="P1", reason="harm", moment=moment(2))


def test_a_vault_of_before_goes_on_with_and_without_its_key(running: Running) -> None:
    (running.vault.folder / "commitment.txt").unlink()
    give(running, "P1", N)
    (running.vault.folder / "secret.json").unlink()
    give(running, "P2", N)


def test_secrets_do_not_print(running: Running) -> None:
    assert running.secrets.key.hex() not in repr(running.secrets)
    assert str(running.secrets.key) not in repr(running.secrets)

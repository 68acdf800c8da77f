"""What looks odd among all values is noted, the same in every run, and never asked about."""

from dataclasses import replace

import numpy as np
import pytest

from tests.checks.at_hand import at_hand, messages, said
from tests.miniature import Miniature, dedented
from trialkit.checks.trial.distribution import check_distributions
from trialkit.protocol.trial.people import Site

STRENGTH = """
    [form]
    id = "strength"
    title = "Strength"
    kind = "assessment"
    expected = "as_needed"

    [[items]]
    id = "back_kg"
    label = "Back"
    type = "decimal"
    unit = "kg"
    range = { low = 0, high = 900 }

    [[items]]
    id = "belly_kg"
    label = "Belly"
    type = "decimal"
    unit = "kg"

    [[items]]
    id = "hold_s"
    label = "Hold"
    type = "integer"
    unit = "s"

    [[items]]
    id = "grade"
    label = "Grade"
    type = "integer"
"""


def trial_of(people=40, seed=2):
    """Forty people of two sites with measurements that nobody would wonder at."""
    rng = np.random.default_rng(seed)
    trial = Miniature()
    trial.forms["screening"] += dedented("""
        [[items]]
        id = "site"
        label = "Site"
        type = "text"
        purpose = "site"
    """)
    ids = [f"S{number}" for number in range(1, people + 1)]
    trial.protocol = replace(
        trial.protocol, sites=(Site(code="01", label="A"), Site(code="02", label="B"))
    )
    trial.forms = {name: trial.forms[name] for name in ("screening", "diary")} | {
        "strength": dedented(STRENGTH)
    }
    rows = [
        [
            name,
            f"{60 + 10 * rng.normal():.1f}",
            f"{40 + 8 * rng.normal():.1f}",
            str(rng.integers(30, 120)),
            "0",
        ]
        for name in ids
    ]
    return trial, ids, rows


def found(trial, ids, rows, folder):
    screened = [f"{name},2025-01-10,30,yes,{'01' if n % 2 else '02'}" for n, name in enumerate(ids)]
    trial.data = {
        "screening": "subject_id,screening_date,age_years,eligible,site\n" + "\n".join(screened),
        "diary": "subject_id,repeat,started,note\n",
        "strength": "subject_id,back_kg,belly_kg,hold_s,grade\n"
        + "\n".join(",".join(row) for row in rows),
    }
    frame = trial.findings(folder)
    assert set(frame["severity"]) <= {"note"}, frame[["rule_id", "message"]].to_string()
    return frame


@pytest.mark.parametrize("seed", [2, 3, 4])
def test_plausible_data_have_no_notes(seed, tmp_path):
    assert found(*trial_of(seed=seed), tmp_path).empty


def test_a_value_far_from_the_others_is_noted_with_the_middle_half(tmp_path):
    trial, ids, rows = trial_of()
    rows[4][1] = "120.5"

    frame = found(trial, ids, rows, tmp_path)

    assert frame[["subject_id", "item", "rule_id"]].to_numpy().tolist() == [
        ["S5", "back_kg", "outlier"]
    ]
    assert (
        frame["message"]
        .iloc[0]
        .startswith("Back: 120.5 kg lies far from the others: the middle half of 40")
    )


def test_a_value_that_cannot_be_right_is_no_outlier_too(tmp_path):
    trial, ids, rows = trial_of()
    rows[4][1] = "1605"

    with pytest.raises(AssertionError, match="out_of_range"):
        found(trial, ids, rows, tmp_path)

    assert "outlier" not in trial.findings(tmp_path)["rule_id"].tolist()


def test_measurements_that_end_in_nought_and_five_are_noted_once(tmp_path):
    trial, ids, rows = trial_of(people=60)
    for row in rows[:40]:
        row[3] = str(int(row[3]) // 5 * 5)

    frame = found(trial, ids, rows, tmp_path)

    assert frame[["subject_id", "item", "rule_id"]].to_numpy().tolist() == [
        ["", "hold_s", "digit_preference"]
    ]
    assert " of 60 values end in 0 or 5" in frame["message"].iloc[0]


def test_a_row_copied_from_another_participant_is_noted(tmp_path):
    trial, ids, rows = trial_of()
    rows[30][1:4] = rows[2][1:4]

    frame = found(trial, ids, rows, tmp_path)

    assert frame[["subject_id", "rule_id"]].to_numpy().tolist() == [["S31", "identical_rows"]]
    assert "(Back, Belly, Hold) are all the same as those of S3" in frame["message"].iloc[0]


def test_a_site_whose_values_are_nearly_constant_is_noted(tmp_path):
    trial, ids, rows = trial_of(people=80)
    for number, row in enumerate(rows):
        if number % 2:
            row[1] = f"{60 + number / 100:.1f}"

    frame = found(trial, ids, rows, tmp_path)

    narrow = frame[frame["rule_id"] == "narrow_site"]
    assert narrow["item"].tolist() == ["back_kg"]
    assert "the 40 values of site 01 have a standard deviation of" in narrow["message"].iloc[0]


def test_the_notes_are_the_same_in_every_run(tmp_path):
    trial, ids, rows = trial_of()
    rows[4][1], rows[30][1:4] = "120.5", rows[2][1:4]

    first = found(trial, ids, rows, tmp_path / "a")
    second = found(trial, ids, rows, tmp_path / "b")

    assert len(first) == 2
    assert first.equals(second)


def test_few_values_are_not_judged(tmp_path):
    trial, ids, rows = trial_of(people=12)
    rows[4][1] = "800.5"

    assert found(trial, ids, rows, tmp_path).empty


def noted(folder, *, visits=("",), sites=(), **columns):
    """What is noted of a form's numbers: one list an item, one number for each row in turn.

    Rows are of S1, S2, … at the first visit, and then again at the next; ``sites`` are theirs.
    """
    trial = Miniature()
    many = -(-len(next(iter(columns.values()))) // len(visits))
    people = [f"S{number}" for number in range(1, many + 1)]
    items = [
        f"""
        [[items]]
        id = "{name}"
        label = "{name.title()}"
        type = "decimal"
        unit = "kg"
        """
        + ("range = { high = 900 }\nexpected_range = { high = 300 }" if name == "limited" else "")
        for name in columns
    ]
    at = f"visits = {list(visits)}" if visits != ("",) else ""
    trial.forms = {"screening": trial.forms["screening"]} | {
        "strength": dedented(
            f"""
            [form]
            id = "strength"
            title = "Strength"
            kind = "other"
            expected = "as_needed"
            {at}
            """
        )
        + "\n".join(map(dedented, items))
    }
    places = [f"{name},{visit}" if visit else name for visit in visits for name in people]
    rows = zip(places, *columns.values(), strict=False)
    key = "subject_id,visit" if visits != ("",) else "subject_id"
    trial.data = {
        "screening": "subject_id,screening_date,age_years,eligible\n"
        + "".join(f"{name},2025-01-10,30,yes\n" for name in people),
        "strength": f"{key},{','.join(columns)}\n"
        + "".join(",".join(map(str, row)) + "\n" for row in rows),
    }
    hand = at_hand(trial, folder)
    return check_distributions(hand.cells["strength"], dict(zip(people, sites, strict=False)))


def places(hits):
    return [(hit[1], hit[2], hit[4], hit[6]) for hit in said(hits)]


# with 1 to 20 and a greater number the quartiles are 6 and 16, so that the fence is 16 + 3 × 10;
# with a smaller one they are 5 and 15, and it is 5 - 3 × 10
@pytest.mark.parametrize(
    ("odd", "is_noted"),
    [("46", False), ("46.1", True), ("-25", False), ("-25.1", True), ("46,1", False), ("", False)],
)
def test_the_outer_fences_are_three_interquartile_ranges_away(odd, is_noted, tmp_path):
    hits = noted(tmp_path, lift=[*range(1, 11), odd if "," not in odd else "x", *range(11, 21)])

    assert places(hits) == ([("lift", "outlier", "S11", odd)] if is_noted else [])
    assert all(each.severity.value == "note" for each in hits)


def test_an_outlier_is_told_beside_the_middle_half(tmp_path):
    hits = noted(tmp_path, lift=[*range(1, 21), 99.5])

    assert hits[0].rows.tolist() == [20]
    assert messages(hits) == [
        ("Lift: 99.5 kg lies far from the others: the middle half of 21 values is from 6 to 16 kg. "
        "A note for whoever looks at the data; nothing has to be answered.")
    ]  # fmt: skip


@pytest.mark.parametrize(("late", "is_noted"), [(19, True), (18, False)])
def test_each_visit_has_its_own_fences_from_twenty_values_on(late, is_noted, tmp_path):
    first = [100 + number for number in range(20)]
    then = [*range(1, late + 1), 99, *[""] * (19 - late)]

    hits = noted(tmp_path, visits=("BL", "W6"), lift=[*first, *then])

    assert [hit[4:] for hit in said(hits)] == ([("S20", "W6", "99")] if is_noted else [])
    if is_noted:  # 1 to 19 and 99: quartiles at places 4.75 and 14.25 of 0 to 19
        assert (
            "kg at W6 lies far from the others: the middle half of 20 values is from 5.75 to"
            in (messages(hits)[0])
        )


def test_numbers_with_few_different_values_are_no_measurement(tmp_path):
    different = [*range(1, 20), 3, 999]

    assert places(noted(tmp_path / "a", grade=[*different[:18], 3, 3, 999])) == []
    assert places(noted(tmp_path / "b", grade=different)) == [("grade", "outlier", "S21", "999")]


def test_a_middle_half_of_one_value_has_no_fences(tmp_path):
    assert noted(tmp_path, lift=[*range(1, 21), *[7] * 60]) == ()


def test_what_is_unusual_or_wrong_already_is_no_outlier_too(tmp_path):
    hits = noted(tmp_path, limited=[*range(1, 21), 299, 301, 901, 1e6])

    assert places(hits) == [("limited", "outlier", "S21", "299")]
    assert "the middle half of 22 values" in messages(hits)[0]


def halves(fives, others):
    """So many numbers that end in 0 or 5 and so many that do not, all of them different."""
    return [5 * n for n in range(fives)] + [5 * n + 1 for n in range(others)]


@pytest.mark.parametrize(
    ("values", "is_noted"),
    [
        (halves(15, 15), True),
        (halves(14, 16), False),
        (halves(29, 0), False),
        (halves(30, 0), True),
        ([*halves(29, 0), 0.5], False),
        ([*halves(16, 15), ""], True),
    ],
)
def test_half_of_thirty_whole_numbers_in_0_or_5_are_noted(values, is_noted, tmp_path):
    hits = noted(tmp_path, lift=values)

    assert places(hits) == ([("lift", "digit_preference", "", "")] if is_noted else [])
    if is_noted:
        fives, n = sum(value != "" and value % 5 == 0 for value in values), len(values)
        n -= values.count("")
        assert messages(hits) == [
            (
                f"Lift: {fives} of {n} values end in 0 or 5, where chance gives a fifth: the values "
                "seem to be rounded. A note; nothing has to be answered."
            )
        ]


VARIED = [10.5 + 3 * number for number in range(24)]


def shuffled(by):
    return [VARIED[(number * by) % 24] for number in range(24)]


def test_a_row_that_repeats_three_measurements_names_the_first_that_had_them(tmp_path):
    lift, push, pull = shuffled(1), shuffled(5), shuffled(7)
    for values in (lift, push, pull):
        values[9] = values[4]
        values[20] = values[4]

    hits = noted(tmp_path, lift=lift, push=push, pull=pull, grip=shuffled(1))

    assert hits == ()  # the fourth differs
    hits = noted(tmp_path / "three", lift=lift, push=push, pull=pull)
    assert [hit[1:] for hit in said(hits)] == [
        ("", "identical_rows", "note", "S10", "", ""),
        ("", "identical_rows", "note", "S21", "", ""),
    ]
    assert messages(hits) == [
        ("The measurements (Lift, Push, Pull) are all the same as those of S5. A note for whoever "
        "looks at the data; nothing has to be answered.")
    ] * 2  # fmt: skip


def test_two_measurements_alike_are_no_repeated_row(tmp_path):
    lift, push, pull = shuffled(1), shuffled(5), shuffled(7)
    lift[9], push[9] = lift[4], push[4]

    assert noted(tmp_path / "two of three", lift=lift, push=push, pull=pull) == ()
    assert noted(tmp_path / "two of two", lift=lift, push=push) == ()
    pull[9] = pull[4] = ""
    assert noted(tmp_path / "two and two blanks", lift=lift, push=push, pull=pull) == ()


def test_a_blank_is_the_same_as_a_blank_beside_three_measurements(tmp_path):
    columns = {name: shuffled(by) for name, by in (("a", 1), ("b", 5), ("c", 7), ("d", 11))}
    for values in columns.values():
        values[9] = values[4]
    columns["d"][9] = columns["d"][4] = ""

    assert places(noted(tmp_path, **columns)) == [("", "identical_rows", "S10", "")]


def test_a_score_that_is_one_of_the_attempts_tells_nothing_more(tmp_path):
    columns = {name: shuffled(by) for name, by in (("a", 1), ("b", 5))}
    for values in columns.values():
        values[9] = values[4]

    assert noted(tmp_path, **columns, best=list(map(min, *columns.values()))) == ()


def test_a_repeated_row_names_the_visit_of_the_first(tmp_path):
    columns = {name: shuffled(by) for name, by in (("a", 1), ("b", 5), ("c", 7))}
    for values in columns.values():
        values[15] = values[2]

    hits = noted(tmp_path, visits=("BL", "W6"), **columns)

    assert [hit[4:6] for hit in said(hits)] == [("S4", "W6")]
    assert "are all the same as those of S3 at BL. A note" in messages(hits)[0]


def spread(step, count):
    """Numbers around 50 that are so far apart, with a decimal each."""
    return [50.2 + step * (number - (count - 1) / 2) for number in range(count)]


@pytest.mark.parametrize(
    ("narrow", "is_noted"),
    [(spread(0.4, 8), True), (spread(0.4, 7), False), (spread(8.0, 8), False)],
)
def test_a_site_of_eight_values_that_hardly_spread_is_noted(narrow, is_noted, tmp_path):
    wide = spread(3.1, 20)
    sites = ["02"] * 20 + ["01"] * len(narrow)

    hits = noted(tmp_path, lift=[*wide, *narrow], sites=sites)

    assert places(hits) == ([("lift", "narrow_site", "", "")] if is_noted else [])
    if is_noted:
        own, every = np.std(narrow, ddof=1), np.std([*wide, *narrow], ddof=1)
        assert messages(hits) == [
            (
                f"Lift: the 8 values of site 01 have a standard deviation of {own:.3g}, those of all "
                f"sites together one of {every:.3g}. A note; nothing has to be answered."
            )
        ]


@pytest.mark.parametrize(("share", "is_noted"), [(0.19, True), (0.21, False)])
def test_a_fifth_of_the_spread_is_the_limit(share, is_noted, tmp_path):
    wide = np.array(spread(3.1, 20))
    # the spread of all depends on the site's own a little: find the step that gives the share
    unit = np.array(spread(1.0, 8))
    steps = np.linspace(0.1, 8, 4000)
    shares = [
        np.std(50.2 + step * (unit - 50.2), ddof=1)
        / np.std([*wide, *(50.2 + step * (unit - 50.2))], ddof=1)
        for step in steps
    ]
    step = steps[np.argmin(np.abs(np.array(shares) - share))]
    values = [*wide, *(50.2 + step * (unit - 50.2))]

    hits = noted(tmp_path, lift=values, sites=["02"] * 20 + ["01"] * 8)

    assert bool(places(hits)) is is_noted


def test_one_site_or_an_unknown_one_is_not_compared(tmp_path):
    values = [*spread(3.1, 20), *spread(0.4, 8)]

    assert noted(tmp_path / "one", lift=values, sites=["01"] * 28) == ()
    assert noted(tmp_path / "unknown", lift=values, sites=["02"] * 19 + ["03"]) == ()

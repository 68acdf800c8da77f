"""Rules that ask other rows find what a slow reading of each participant's rows finds."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.checks.session_logs import item, pain, repeating_form, rule
from tests.conftest import examples
from tests.miniature import Miniature
from trialkit.checks.one_file.alone import form_alone
from trialkit.checks.one_file.beyond_the_row import beyond_the_row
from trialkit.checks.trial.checking import check
from trialkit.store.freezing import freeze
from trialkit.store.sources.folder_source import FolderSource

LOG = repeating_form(
    "log", "Sessions",
    item("day", "Day", "date"),
    pain("before", "Pain before"),
    pain("after", "Pain after"),
    item("stopped", "Stopped", "yes_no"),
    item("rise", "Rise since the session before", "calculated", 'calculation = "after - PREVIOUS(after)"'),
    rule("RISE", "rise <= 3", "after", message="A rise.", severity="soft"),
    rule("SIGNAL", "after - before < 2 OR PREVIOUS(after - before) < 2 OR PREVIOUS(after - before, 2) < 2", "after", message="Three sessions."),
    rule("GOES_ON", "PREVIOUS(stopped) IS NULL OR NOT PREVIOUS(stopped)", "stopped", message="Went on."),
    rule("OFTEN", "COUNT(stopped) <= 1", "stopped", message="Stopped often."),
    rule("DOUBTED", "COALESCE(ANY(after >= 7), TRUE)", "after", message="Never."),
    rule("TOTAL", "COALESCE(SUM(after), 0) <= 15", "after", message="Much."),
    rule("LEAST", "after <= MIN(before) + 4", "after", message="Far."),
)  # fmt: skip
SCAN = repeating_form(
    "scan", "Scans",
    pain("thick", "Thickness"),
    rule("JUMP", "ABS(thick - PREVIOUS(thick)) <= 3", "thick", message="Jump."),
    more='visits = ["BL", "W6"]',
)  # fmt: skip
PAIN = "".join(
    (
        rule("HURT", "COUNT(log.after >= 7) = 0", "vas_mm", message="Much pain."),
        rule(
            "BEFORE",
            "NOT ANY(log.day <= visit_date AND log.stopped)",
            "vas_mm",
            message="Stopped before.",
        ),
        rule("THICK", "COUNT(scan.thick > 5) * 2 <= 2", "vas_mm", message="Thick."),
        rule(
            "NO_SCAN",
            "visit = 'BL' OR COUNT(BL.scan.thick IS NOT NULL) >= 1",
            "vas_mm",
            message="No scan.",
        ),
        rule("WORSE", "vas_mm - PREVIOUS(vas_mm) <= 5", "vas_mm", message="Worse."),
        rule("MOST", "MAX(log.after - log.before) < 4", "vas_mm", message="Rose."),
        rule("LAST", "MAX(log.day) <= visit_date", "vas_mm", message="Later."),
        rule(
            "UNTIL",
            "SUM(IF(log.day <= visit_date, log.after, 0)) <= 10",
            "vas_mm",
            message="Much until then.",
        ),
    )
)
OWN = {
    "RISE", "SIGNAL", "GOES_ON", "OFTEN", "DOUBTED", "JUMP", "HURT", "BEFORE", "THICK", "NO_SCAN",
    "WORSE", "TOTAL", "LEAST", "MOST", "LAST", "UNTIL",
}  # fmt: skip
OF_NUMBERS = {"TOTAL", "LEAST", "MOST", "LAST", "UNTIL"}
"""Those of one value of all rows."""
VISIT_DATES = {
    "BL": {"S1": "2025-01-14", "S2": "2025-01-15", "S3": "2025-01-16"},
    "W6": {"S1": "2025-02-26", "S2": "2025-02-26", "S3": "2025-02-27"},
}
WRONG = object()


def number(text):
    if text in {"", "ND"}:
        return None
    return int(text) if 0 <= int(text) <= 10 else WRONG


def truth(text):
    return {"yes": True, "no": False}.get(text)


def known(cell):
    return None if cell is WRONG else cell


def either(*parts):
    return True if True in parts else None if None in parts else False


def both(*parts):
    return False if False in parts else None if None in parts else True


def denied(part):
    return None if part is None else not part


def less(one, other, how):
    one, other = known(one), known(other)
    return None if one is None or other is None else how(one, other)


def minus(one, other):
    return less(one, other, lambda a, b: a - b)


def at_most(one, other):
    return less(one, other, lambda a, b: a <= b)


def compared_count(outcomes, test):
    """What every number of rows that it can be says."""
    sure, unknown = outcomes.count(True), outcomes.count(None)
    said = {test(many) for many in range(sure, sure + unknown + 1)}
    return said.pop() if len(said) == 1 else None


def of_all(values, together):
    """One value of those that are there; WRONG where one of them is, None where there is none."""
    if WRONG in values:
        return WRONG
    there = [each for each in values if each is not None]
    return together(there) if there else None


def of_two(one, other, how):
    """What two cells give: WRONG with a wrong one, None with a blank."""
    if WRONG in {id_of(one), id_of(other)}:
        return WRONG
    return less(one, other, how)


def id_of(cell):
    return cell if cell is WRONG else None


def of_log(rows):
    """By row of one participant's log what each rule says; a key that several rows have is read
    from elsewhere as one row of which nothing is known."""
    by_key = {}
    for at, row in enumerate(rows):
        by_key.setdefault(row[0], []).append(at)
    first = {key: at[0] for key, at in by_key.items()}

    def seen(key):
        if len(by_key[key]) > 1:
            return {"day": WRONG, "before": WRONG, "after": WRONG, "stopped": WRONG}
        return cells(rows[first[key]])

    def rise(cell):
        return less(cell["after"], cell["before"], lambda a, b: a - b)

    order = sorted(by_key)
    everyone = [seen(key) for key in order]
    said = []
    for at, row in enumerate(rows):
        key, own = row[0], cells(row)
        if first[key] != at:
            continue
        place = order.index(key)
        back = [seen(order[place - step]) if place >= step else None for step in (1, 2)]
        rises = [rise(own), *(None if each is None else rise(each) for each in back)]
        stop = None if back[0] is None else back[0]["stopped"]
        stop_null = None if stop is WRONG else stop is None
        climbed = None if back[0] is None else minus(own["after"], back[0]["after"])
        high = [at_most(7, cell["after"]) for cell in everyone]
        doubt = any(
            h is None and cell["after"] is WRONG for h, cell in zip(high, everyone, strict=True)
        )
        some = either(*high) if high else False
        said.append(
            (
                key,
                {
                    "RISE": at_most(climbed, 3),
                    "SIGNAL": either(*(less(each, 2, lambda a, b: a < b) for each in rises)),
                    "GOES_ON": either(stop_null, denied(known(stop))),
                    "OFTEN": compared_count(
                        [known(cell["stopped"]) for cell in everyone], lambda n: n <= 1
                    ),
                    "DOUBTED": None if doubt else True if some is None else some,
                    "TOTAL": total_at_most(everyone, 15),
                    "LEAST": less(
                        own["after"],
                        of_all([cell["before"] for cell in everyone], min),
                        lambda a, b: a <= b + 4,
                    ),
                },
            )
        )
    return said, everyone


def total_at_most(everyone, most):
    total = of_all([cell["after"] for cell in everyone], sum)
    return None if total is WRONG else (total or 0) <= most


def cells(row):
    _, day, before, after, stopped = row
    return {
        "day": None if day in {"", "ND"} else day,
        "before": number(before),
        "after": number(after),
        "stopped": truth(stopped),
    }


def until(cell, day):
    """What a session adds up to a day: nothing after it, and nothing where it has no day."""
    if WRONG in {id_of(cell["day"]), id_of(cell["after"])}:
        return WRONG
    return cell["after"] if cell["day"] is not None and cell["day"] <= day else 0


def slow(log, scans, pain):
    """The rules that are broken, by subject, visit or row."""
    found = set()
    for subject in ("S1", "S2", "S3"):
        said, everyone = of_log([row[1:] for row in log if row[0] == subject])
        found |= {
            (subject, "", key, rule)
            for key, rules in said
            for rule, holds in rules.items()
            if holds is False
        }
        thick = {visit: [] for visit in ("BL", "W6")}
        for visit in ("BL", "W6"):
            here = sorted((row[2], row[3]) for row in scans if row[:2] == (subject, visit))
            for place, (key, text) in enumerate(here):
                thick[visit].append(number(text))
                if place:
                    apart = minus(number(text), number(here[place - 1][1]))
                    if apart is not None and abs(apart) > 3:
                        found.add((subject, visit, key, "JUMP"))
        for visit in ("BL", "W6"):
            day = VISIT_DATES[visit][subject]
            vas = known(number(pain[subject, visit]))
            earlier = [
                both(less(cell["day"], day, lambda a, b: a <= b), known(cell["stopped"]))
                for cell in everyone
            ]
            many = [less(5, each, lambda a, b: a < b) for each in thick[visit]]
            sure, unknown = many.count(True), many.count(None)
            doubled = None if unknown else sure * 2 <= 2
            there = [None if each is WRONG else each is not None for each in thick["BL"]]
            worse = minus(vas, number(pain[subject, "BL"])) if visit == "W6" else None
            rules = {
                "HURT": compared_count(
                    [at_most(7, cell["after"]) for cell in everyone], lambda n: n == 0
                ),
                "BEFORE": denied(either(*earlier) if earlier else False),
                "THICK": doubled,
                "NO_SCAN": either(visit == "BL", compared_count(there, lambda n: n >= 1)),
                "WORSE": at_most(worse, 5),
                "MOST": less(
                    of_all(
                        [of_two(c["after"], c["before"], lambda a, b: a - b) for c in everyone], max
                    ),
                    4,
                    lambda a, b: a < b,
                ),
                "LAST": less(
                    of_all([cell["day"] for cell in everyone], max), day, lambda a, b: a <= b
                ),
                "UNTIL": at_most(of_all([until(cell, day) for cell in everyone], sum), 10),
            }
            found |= {(subject, visit, "", rule) for rule, holds in rules.items() if holds is False}
    return found


SUBJECTS = st.sampled_from(["S1", "S2", "S3"])
PAINS = st.sampled_from(["", "ND", "0", "3", "5", "7", "9", "99"])
DAYS = st.sampled_from(["", "ND", "2025-01-15", "2025-02-26", "2025-02-28"])
LOGS = st.lists(
    st.tuples(
        SUBJECTS, st.integers(1, 5).map(str), DAYS, PAINS, PAINS,
        st.sampled_from(["", "yes", "no", "ND"]),
    ),
    max_size=14,
)  # fmt: skip
SCANS = st.lists(
    st.tuples(SUBJECTS, st.sampled_from(["BL", "W6"]), st.integers(1, 4).map(str), PAINS),
    max_size=10,
    unique_by=lambda row: row[:3],
)
PAIN_ROWS = st.fixed_dictionaries(
    {
        (s, v): st.sampled_from(["0", "4", "7", "10"])
        for s in ("S1", "S2", "S3")
        for v in ("BL", "W6")
    }
)


@pytest.fixture(scope="module")
def trial(tmp_path_factory):
    trial = Miniature()
    trial.forms |= {"log": LOG, "scan": SCAN}
    trial.forms["pain"] += PAIN
    folder = tmp_path_factory.mktemp("rows")
    return trial, folder, trial.schemas(folder)


def found_in(trial, log, scans, pain):
    miniature, folder, schemas = trial
    tables = {
        "log": ["subject_id,repeat,day,before,after,stopped", *map(",".join, log)],
        "scan": ["subject_id,visit,repeat,thick", *map(",".join, scans)],
        "pain": [
            "subject_id,visit,visit_date,vas_mm,side,drug,drug_name",
            *(f"{s},{v},{VISIT_DATES[v][s]},{vas},l,no," for (s, v), vas in pain.items()),
        ],
    }
    for form, lines in tables.items():
        (folder / "data" / f"{form}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    snapshot = freeze(FolderSource(folder=folder), schemas)
    findings = check(snapshot, schemas, miniature.protocol).to_frame()
    mine = findings[findings["rule_id"].isin(OWN)]
    return set(
        mine[["subject_id", "visit", "repeat", "rule_id"]].itertuples(index=False, name=None)
    )


@pytest.mark.slow
@settings(deadline=None, max_examples=examples(60))
@given(log=LOGS, scans=SCANS, pain=PAIN_ROWS)
def test_what_other_rows_say_is_found_as_a_slow_reading_finds_it(trial, log, scans, pain):
    assert found_in(trial, log, scans, pain) == slow(log, scans, pain)


@pytest.mark.slow
@settings(deadline=None, max_examples=examples(15))
@given(log=LOGS, scans=SCANS, pain=PAIN_ROWS, data=st.data())
def test_the_order_of_the_rows_does_not_matter(trial, log, scans, pain, data):
    log = list({row[:2]: row for row in log}.values())
    mixed = found_in(
        trial, data.draw(st.permutations(log)), data.draw(st.permutations(scans)), pain
    )
    assert mixed == found_in(trial, log, scans, pain)


def test_a_signal_over_three_sessions_is_found_once_and_where_it_is(trial):
    log = [
        ("S1", "1", "2025-01-20", "1", "3", "no"),
        ("S1", "2", "2025-01-22", "2", "5", "no"),
        ("S1", "4", "2025-01-24", "3", "7", "yes"),  # the third in a row: 3 does not exist
        ("S1", "5", "2025-01-26", "", "7", "no"),
        ("S2", "1", "2025-01-20", "0", "9", ""),
    ]
    pain = dict.fromkeys([(s, v) for s in ("S1", "S2", "S3") for v in ("BL", "W6")], "4")
    found = found_in(trial, log, [], pain)
    assert {each for each in found if each[3] not in OF_NUMBERS} == {
        ("S1", "", "4", "SIGNAL"),
        ("S1", "", "5", "GOES_ON"),
        ("S1", "BL", "", "HURT"),
        ("S1", "W6", "", "HURT"),
        ("S1", "W6", "", "BEFORE"),
        ("S1", "W6", "", "NO_SCAN"),
        ("S2", "W6", "", "NO_SCAN"),
        ("S3", "W6", "", "NO_SCAN"),
        ("S2", "BL", "", "HURT"),
        ("S2", "W6", "", "HURT"),
    }


def test_what_asks_other_rows_is_nothing_for_a_row_alone(trial):
    schemas = trial[2]
    form = schemas.form("log")
    asking = {"SIGNAL", "GOES_ON", "OFTEN", "DOUBTED", "TOTAL", "LEAST"}

    assert {f"rule {rule}" for rule in asking} <= set(form_alone(form, schemas).not_checked)

    beyond = beyond_the_row(form, schemas)
    assert beyond is not None
    assert beyond.rules == asking | {"RISE"}  # which reads a calculated item
    named = form_alone(form, schemas, beyond).not_checked
    assert [each for each in named if each.startswith("rule")] == []

"""Tables that contradict each other: each contradiction is one complaint, and nothing breaks."""

from datetime import date
from pathlib import Path

import pytest

from tests.protocol.test_loading import MINIMAL, complaints
from trialkit.errors import ProtocolError
from trialkit.protocol.consistency import complain_of_contradictions
from trialkit.protocol.loading import load_protocol
from trialkit.protocol.tables.definitions import Complaints

PAIN = 'code = "pain"\nlabel = "Pain"'
MAIN = 'method = "mixed_anova"'
SECOND = 'method = "risk_difference"'
AGE = '[[characteristics]]\nform = "demographics"\nitem = "age"\n'
HOLM = 'adjustment = "holm"'


@pytest.mark.parametrize(
    ("right", "key"),
    [
        (MAIN, "method"),
        (PAIN, "code"),
        ('code = "W6"', "code"),
        ('code = "BL"', "code"),
        ('code = "secondary"', "code"),
        ('code = "CG"', "code"),
        ('id = "main"', "id"),
        ('type = "continuous"', "type"),
        ('role = "primary"\nform', "role"),
        ('role = "primary"\noutcomes', "role"),
        ('time_point = "W6"', "time_point"),
        ('population = "itt"\nestimand', "population"),
        ('estimand = "E1"', "estimand"),
        ('family = "secondary"', "family"),
        ('outcomes = ["pain"]', "outcomes"),
        (HOLM, "adjustment"),
        (HOLM, "after"),
        ('item = "age"', "item"),
        ('item = "age"', "visit"),
        ("target_day = 42", "target_day"),
        ("baseline = true", "baseline"),
        ("reference = true", "reference"),
        ("block_sizes = [2, 4]", "block_sizes"),
        ("start = 2025-01-01", "start"),
        ("end = 2025-06-30", "end"),
        (MAIN, "covariates"),
        (MAIN, "adjustment"),
        (SECOND, "strata"),
        (SECOND, "reason"),
    ],
)
@pytest.mark.parametrize(
    "value", ['["x"]', "{ x = 1 }", "[{ x = 1 }]", "2025-01-01T10:00:00", "nan", "9" * 400]
)
def test_a_value_of_any_other_kind_is_complained_of_and_nothing_breaks(
    tmp_path: Path, right: str, key: str, value: str
) -> None:
    assert right in MINIMAL
    kept = [each for each in right.split("\n") if not each.startswith(f"{key} = ")]
    text = MINIMAL.replace(right, "\n".join([f"{key} = {value}", *kept]), 1)
    found = complaints(tmp_path, text)
    places = (f"{key}: found", f"{key} number 1", f"{key} found an unknown key")
    assert any(place in each for each in found for place in places), found


@pytest.mark.parametrize("day", ["2025-01-01T00:00:00", "2025-01-01 00:00:00Z"])
@pytest.mark.parametrize("key", ["start", "end"])
def test_a_moment_where_a_day_belongs_is_complained_of_once(
    tmp_path: Path, key: str, day: str
) -> None:
    right = {"start": "start = 2025-01-01", "end": "end = 2025-06-30"}[key]
    found = complaints(tmp_path, MINIMAL.replace(right, f"{key} = {day}"))
    assert len(found) == 1
    assert "expected a date such as 2025-03-31" in found[0]


def with_more(right: str, more: str) -> str:
    """The minimal protocol with more lines after ``right``."""
    assert right in MINIMAL
    return MINIMAL.replace(right, f"{right}\n{more}", 1)


def a_third_arm(text: str) -> str:
    arm = '[[arms]]\ncode = "XG"\nlabel = "Another"\n\n[[visits]]'
    return text.replace("[[visits]]", arm, 1).replace("[2, 4]", "[3]")


def analysis(**keys: str) -> str:
    own = {
        "id": '"third"',
        "role": '"secondary"',
        "outcomes": '["pain"]',
        "population": '"itt"',
        "estimand": '"E1"',
        "method": '"ancova"',
    } | keys
    return "[[analyses]]\n" + "".join(f"{key} = {value}\n" for key, value in own.items())


def gated(adjustment: str, *, outcomes: str = '["pain"]') -> str:
    """A family ``first`` of one analysis, which opens the family ``secondary``."""
    first = f'[[families]]\ncode = "first"\nlabel = "First"\nadjustment = "{adjustment}"\n\n'
    text = MINIMAL.replace(HOLM, f'{HOLM}\nafter = "first"', 1)
    text = text.replace("[[families]]", first + "[[families]]", 1)
    third = analysis(family='"first"', outcomes=outcomes)
    return text.replace("[[characteristics]]", f"{third}\n[[characteristics]]", 1)


def before(right: str, more: str) -> str:
    assert right in MINIMAL
    return MINIMAL.replace(right, f"{more}\n{right}", 1)


EARLY = """[[visits]]
code = "SCR"
label = "Screening"
target_day = -14
window = { early = 7, late = 7 }

[[visits]]"""

CONTRADICTIONS = {
    "a characteristic twice": (
        before("[randomisation]", AGE),
        "demographics.age for a second time",
    ),
    "a characteristic at two visits": (
        before("[randomisation]", AGE + 'visit = "BL"'),
        "demographics.age for a second time",
    ),
    "a characteristic after baseline": (
        with_more('item = "age"', 'visit = "W6"'),
        "visit: found 'W6', a visit after baseline",
    ),
    "an outcome before baseline": (
        MINIMAL.replace("[[visits]]", EARLY, 1).replace(
            'time_point = "W6"', 'time_point = "SCR"', 1
        ),
        "'SCR', a visit before baseline",
    ),
    "an outcome twice": (
        MINIMAL.replace('outcomes = ["better"]', 'outcomes = ["better", "better"]'),
        "'better' 2 times",
    ),
    "a primary outcome twice": (
        MINIMAL.replace('outcomes = ["pain"]', 'outcomes = ["pain", "pain"]'),
        "'pain' 2 times",
    ),
    "a secondary outcome in a primary analysis": (
        MINIMAL.replace('type = "binary"', 'type = "continuous"')
        .replace(SECOND, 'method = "ancova"')
        .replace('outcomes = ["pain"]', 'outcomes = ["pain", "better"]'),
        "'better', an outcome of role 'secondary'",
    ),
    "two adjustments": (
        before(
            "[[characteristics]]",
            analysis(family='"secondary"', adjustment='"bonferroni"'),
        ),
        "adjustment: found 'bonferroni', beside 'holm' of the family 'secondary'",
    ),
    "a family of nobody": (
        MINIMAL.replace('family = "secondary"\n', ""),
        "[families 'secondary'] code: found no analysis with this family",
    ),
    "a gate of nobody": (
        gated("holm").replace('family = "first"\n', ""),
        "[families 'first'] code: found no analysis with this family",
    ),
    "a gate that keeps another error": (
        gated("benjamini-hochberg"),
        "'first', whose adjustment is 'benjamini-hochberg'",
    ),
    "a gate of three arms without adjustment": (
        a_third_arm(gated("none")),
        "'first', whose adjustment is 'none'",
    ),
    "a gate of two outcomes without adjustment": (
        gated("none", outcomes='["pain", "ache"]').replace(
            "[[populations]]",
            '[[outcomes]]\ncode = "ache"\nlabel = "Ache"\ntype = "continuous"\n'
            'role = "secondary"\nform = "pain"\nitem = "ache"\ntime_point = "W6"\n'
            'metric = "value"\naggregation = "mean"\ndirection = "lower"\n\n[[populations]]',
            1,
        ),
        "'first', whose adjustment is 'none'",
    ),
    "a population without a name": (
        MINIMAL.replace('population = "itt"\nestimand', 'population = ""\nestimand', 1),
        "found ''; expected one of the populations: itt",
    ),
}
for name in ("baseline", "concomitant", "missing", "descriptive", "harms", "adherence"):
    CONTRADICTIONS[f"reserved {name}"] = (
        MINIMAL.replace('id = "second"', f'id = "{name}"'),
        "a name not reserved",
    )
for method, more in {
    "one_way_anova": "",
    "welch_anova": "",
    "kruskal_wallis": "",
    "paired_t": "",
    "wilcoxon_signed_rank": "",
    "bootstrap": "",
    "subgroups": 'by = "demographics.age"',
}.items():
    CONTRADICTIONS[f"primary {method}"] = (
        MINIMAL.replace(MAIN, f'method = "{method}"\n{more}'),
        f"'{method}' in a primary analysis",
    )
    CONTRADICTIONS[f"{method} in a family"] = (
        before(
            "[[characteristics]]",
            analysis(method=f'"{method}"', family='"secondary"').rstrip() + f"\n{more}\n",
        ),
        f"'{method}' in the family 'secondary'",
    )


@pytest.mark.parametrize("name", list(CONTRADICTIONS))
def test_a_contradiction_is_one_complaint(tmp_path: Path, name: str) -> None:
    text, said = CONTRADICTIONS[name]
    found = complaints(tmp_path, text)
    assert len(found) == 1, found
    assert said in found[0]


@pytest.mark.parametrize(
    "text",
    [
        gated("holm"),
        gated("none"),
        a_third_arm(gated("hommel")),
        MINIMAL.replace("[[visits]]", EARLY, 1).replace(
            'item = "age"', 'item = "age"\nvisit = "SCR"'
        ),
        before("[[characteristics]]", analysis(method='"bootstrap"')),
        before("[[characteristics]]", analysis(adjustment='"bonferroni"')),
        MINIMAL.replace(MAIN, 'method = "ancova"\nweights = "proportional"'),
    ],
    ids=["holm gate", "one hypothesis", "three arms", "screening", "no family", "own", "weights"],
)
def test_what_does_not_contradict_itself_is_read(tmp_path: Path, text: str) -> None:
    (tmp_path / "protocol.toml").write_text(text, encoding="utf-8")
    assert load_protocol(tmp_path).plan.analyses


def test_weights_of_a_repeated_measures_model_name_a_characteristic(tmp_path: Path) -> None:
    found = complaints(tmp_path, MINIMAL.replace(MAIN, 'method = "mmrm"\nweights = "a.b"'))
    assert len(found) == 1
    assert "weights: found 'a.b'" in found[0]


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("early = 7", "early = 999999999", "at most 36500 days"),
        ("target_day = 42", "target_day = 999999999", "from -36500 to 36500"),
        ("target_day = 0", "target_day = -36501", "from -36500 to 36500"),
        ('item = "age"', 'item = "age"\ndigits = -1', "digits must be from 0 to 6"),
        ("[blinding]", "[plan]\nalpha = nan\n[blinding]", "alpha: found nan; expected a finite"),
        ("[blinding]", "[plan]\nalpha = 'x'\n[blinding]", "alpha: found 'x'; expected a number"),
        (
            'direction = "lower"',
            'direction = "lower"\nminimal_important_change = inf',
            "found inf; expected a finite number",
        ),
        (MAIN, 'method = "rerandomisation"\nreplicates = 999999999999', "from 999 to 10000000"),
    ],
)
def test_an_absurd_number_is_complained_of(
    tmp_path: Path, right: str, wrong: str, said: str
) -> None:
    assert right in MINIMAL
    found = complaints(tmp_path, MINIMAL.replace(right, wrong, 1))
    assert len(found) == 1, found
    assert said in found[0]


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        (["", "X"], "without white space around it, got ''"),
        ([" X"], "without white space around it"),
        (["X", "X"], "missing_codes has 'X' 2 times"),
        (["X", "x"], "'X' and 'x' differ only in case"),
        (["nd"], "'nd' and 'ND' differ only in case"),
        (["-99"], "a missing code is no number, got '-99'"),
        (["9,5"], "a missing code is no number"),
        (["1e3"], "a missing code is no number"),
        (["No"], "no answer to a question, got 'No'"),
    ],
)
def test_a_missing_code_that_could_be_taken_for_something_else_is_refused(
    tmp_path: Path, codes: list[str], said: str
) -> None:
    listed = ", ".join(f'{{ code = "{code}", label = "why {n}" }}' for n, code in enumerate(codes))
    found = complaints(tmp_path, f"{MINIMAL}\n[data]\nmissing_codes = [{listed}]\n")
    assert len(found) == 1, found
    assert said in found[0]


def test_a_missing_code_may_give_a_known_one_another_meaning(tmp_path: Path) -> None:
    more = '[data]\nmissing_codes = [{ code = "ND", label = "no dose" }]\n'
    (tmp_path / "protocol.toml").write_text(f"{MINIMAL}\n{more}", encoding="utf-8")
    known = {code.code: code.label for code in load_protocol(tmp_path).data.all_missing_codes}
    assert known["ND"] == "no dose"


@pytest.mark.parametrize("name", ["x" * 300, "a/" * 3000 + "b"], ids=["long name", "long path"])
def test_a_path_that_no_folder_can_have_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(ProtocolError, match="cannot be opened"):
        load_protocol(tmp_path / name)


def test_a_folder_that_may_not_be_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "is_file", refuse)
    with pytest.raises(ProtocolError, match=r"cannot be opened \(Permission denied\)"):
        load_protocol(tmp_path)


@pytest.mark.parametrize(
    ("keys", "key"),
    [
        ({"method": '"subgroups"', "by": '"demographics.age"', "covariates": "[]"}, "covariates"),
        ({"method": '"equivalence"', "margin": "0.1", "response": '"final"'}, "response"),
    ],
)
def test_an_option_that_proportions_do_not_read_is_refused(
    tmp_path: Path, keys: dict[str, str], key: str
) -> None:
    def asked(outcomes: str) -> str:
        return before(
            "[[characteristics]]", analysis(role='"exploratory"', outcomes=outcomes, **keys)
        )

    (found,) = complaints(tmp_path, asked('["better"]'))
    assert found.startswith(f"protocol.toml: [analyses 'third'] {key}: found ")
    assert "proportions are compared as they are" in found
    (tmp_path / "protocol.toml").write_text(asked('["pain", "better"]'), encoding="utf-8")
    assert load_protocol(tmp_path).plan.analyses  # one of them has a mean


@pytest.mark.parametrize("key", ["interval", "ratio_interval", "odds_ratio_method"])
def test_an_option_that_means_do_not_read_is_refused(tmp_path: Path, key: str) -> None:
    def asked(outcomes: str) -> str:
        keys = {"method": '"subgroups"', "by": '"demographics.age"', key: '"miettinen_nurminen"'}
        return before(
            "[[characteristics]]", analysis(role='"exploratory"', outcomes=outcomes, **keys)
        )

    (found,) = complaints(tmp_path, asked('["pain"]'))
    assert found.startswith(f"protocol.toml: [analyses 'third'] {key}: found ")
    assert "it says how proportions are compared" in found
    (tmp_path / "protocol.toml").write_text(asked('["pain", "better"]'), encoding="utf-8")
    assert load_protocol(tmp_path).plan.analyses  # one of them is of proportions


def said_of(raw: dict) -> list[tuple[str, str, str, str]]:
    """Every complaint about tables as they were written: table, key, found, expected."""
    gathered = Complaints("protocol.toml")
    complain_of_contradictions(raw, gathered)
    return [(each.table, each.key, each.found, each.expected) for each in gathered.all()]


NAMED = "a letter, then letters, digits, '_', '-' or '.', 40 at most"
BEFORE = {"code": "SCR", "target_day": -14}
AT = {"code": "BL", "target_day": 0, "baseline": True}
AFTER = {"code": "W6", "target_day": 42}
VISITS = {"visits": [BEFORE, AT, AFTER]}
ARMS = {"arms": [{"code": "P", "reference": True, "ratio": 1}, {"code": "A", "ratio": 2}]}
RAISED = "days that rise from visit to visit, or with target_hour the hours of one day"
RATIO = "a multiple of 3, the sum of the arms' ratios"
OF_BASELINE = (
    "the baseline visit or one before it, since what is measured after randomisation may be an "
    "effect of the arm"
)

TABLES = {
    "a code twice": (
        {"sites": [{"code": "N"}, {"code": "S"}, {"code": "N"}]},
        [("sites", "code", "'N' 2 times", "each once")],
    ),
    "an id twice": (
        {"analyses": [{"id": "a"}, {"id": "a"}, {"id": "a"}]},
        [("analyses", "id", "'a' 3 times", "each once")],
    ),
    "a rule accepted twice": (
        {"accepted": [{"rule": "1 x"}, {"rule": "1 x"}]},
        [("accepted", "rule", "'1 x' 2 times", "each once")],
    ),
    "codes that are no names": (
        {"sites": [{"code": each} for each in ("1", "a b", "x" * 41, "", "a" * 40, "A.b_c-9")]},
        [("sites", "code", repr(each), NAMED) for each in ("1", "a b", "x" * 41, "")],
    ),
    "texts that are no codes": ({"not_reported": [{"item": "1 a"}]}, []),
    "a reserved analysis": (
        {"analyses": [{"id": "flow"}]},
        [
            (
                "analyses",
                "id",
                "'flow'",
                (
                    "a name not reserved, as are descriptive, baseline, concomitant, missing, harms, "
                    "adherence, flow, populations, deviations, intercurrent"
                ),
            )
        ],
    ),
    "one arm": (
        {"arms": [{"code": "A", "reference": True}]},
        [("arms", "", "1 arm", "two or more")],
    ),
    "two references": (
        {"arms": [{"code": "A", "reference": True}, {"code": "B", "reference": True}]},
        [
            (
                "arms",
                "reference",
                "2 arms with reference = true",
                "exactly one, the arm that the others are compared with",
            )
        ],
    ),
    "no baseline": (
        {"visits": [BEFORE, AFTER]},
        [
            (
                "visits",
                "baseline",
                "0 visits with baseline = true",
                "exactly one, the visit that changes are counted from",
            )
        ],
    ),
    "visits out of order": (
        {"visits": [AT, AFTER, BEFORE]},
        [("visits", "target_day", "0, 42, -14", RAISED)],
    ),
    "two visits on a day": (
        {"visits": [AT, AFTER, {"code": "W7", "target_day": 42}]},
        [("visits", "target_day", "0, 42, 42", RAISED)],
    ),
    "a day that others complain of": ({"visits": [AFTER, AT | {"target_day": "first"}]}, []),
    "no primary outcome": (
        {"outcomes": [{"code": "p", "role": "secondary"}]},
        [("outcomes", "role", "no primary outcome", "one or more")],
    ),
    "outcomes too early": (
        VISITS
        | {
            "outcomes": [
                {"code": "p", "role": "secondary", "time_point": "BL"},
                {"code": "q", "role": "secondary", "time_point": "SCR"},
                {"code": "r", "role": "secondary", "time_point": "W6"},
                {"code": "s", "role": "primary", "time_point": "W7"},
            ]
        },
        [
            ("outcomes 'p'", "time_point", "'BL', the baseline visit", "a visit after baseline"),
            (
                "outcomes 'q'",
                "time_point",
                "'SCR', a visit before baseline",
                "a visit after baseline",
            ),
            (
                "outcomes 's'",
                "time_point",
                "'W7'",
                "one of the visits: SCR, BL, W6",
            ),
        ],
    ),
    "names of nothing": (
        {
            "populations": [{"code": "itt"}],
            "estimands": [{"code": "E1", "population": "pp"}],
            "analyses": [
                {
                    "id": "a",
                    "population": "it",
                    "estimand": "E2",
                    "family": "f",
                    "outcomes": ["x"],
                }
            ],
        },
        [
            ("estimands 'E1'", "population", "'pp'", "one of the populations: itt"),
            (
                "analyses 'a'",
                "population",
                "'it'",
                "one of the populations: itt; did you mean 'itt'?",
            ),
            ("analyses 'a'", "estimand", "'E2'", "one of the estimands: E1"),
            (
                "analyses 'a'",
                "family",
                "'f'",
                "one of the families: none, since there are no [[families]]",
            ),
        ],
    ),
    "a family and a visit left empty": (
        {"analyses": [{"id": "a", "family": ""}], "characteristics": [{"visit": ""}]},
        [],
    ),
    "names in an array that every plan must have, and that is not there": (
        {"analyses": [{"id": "a", "population": "itt", "estimand": "E1", "outcomes": ["x"]}]},
        [],
    ),
    "an estimand left empty": (
        {
            "populations": [{"code": "itt"}],
            "estimands": [{"code": "E1", "population": "itt"}],
            "analyses": [{"id": "a", "estimand": ""}],
        },
        [
            (
                "analyses 'a'",
                "estimand",
                "''",
                "one of the estimands: E1",
            )
        ],
    ),
    "characteristics": (
        VISITS
        | {
            "characteristics": [
                {"form": "d", "item": "age", "visit": "SCR"},
                {"form": "d", "item": "age"},
                {"form": "e", "item": "years", "visit": "BL"},
                {"form": "d", "item": "sex", "visit": "W6"},
                {},
                {},
            ]
        },
        [
            (
                "characteristics number 2",
                "item",
                "d.age for a second time",
                "each form and item once, at one visit",
            ),
            ("characteristics number 4", "visit", "'W6', a visit after baseline", OF_BASELINE),
        ],
    ),
    "blocks": (
        ARMS | {"randomisation": {"block_sizes": [3, 4, 6, 0, -3, 9]}},
        [("randomisation", "block_sizes", each, RATIO) for each in ("4", "0", "-3")],
    ),
    "blocks of a ratio that others complain of": (
        {
            "arms": [{"code": "A", "reference": True, "ratio": 0}, {"code": "B"}],
            "randomisation": {"block_sizes": [3]},
        },
        [],
    ),
    "an end before the start": (
        {"trial": {"start": date(2025, 3, 2), "end": date(2025, 3, 1)}},
        [("trial", "end", "2025-03-01", "a date from 2025-03-02 onwards")],
    ),
    "an end on the day of the start": (
        {"trial": {"start": date(2025, 3, 2), "end": date(2025, 3, 2)}},
        [],
    ),
    "rows of the report": (
        {
            "outcomes": [{"code": "pain", "role": "primary"}],
            "characteristics": [{"form": "d", "item": "age"}],
            "analyses": [
                {"id": "m", "role": "primary", "outcomes": ["pain"], "method": "ancova"},
            ],
            "report": {
                "rows": [
                    {"table": "outcomes", "of": "pane"},
                    {"table": "outcomes", "of": "pain"},
                    {"table": "baseline", "of": "pain"},
                    {"table": "baseline", "of": "d.age"},
                    {"table": "events", "of": "Headache"},
                    {"table": "outcomes"},
                ]
            },
        },
        [
            ("report.rows", "of", "'pane'", "a row of outcomes: pain; did you mean 'pain'?"),
            ("report.rows", "of", "'pain'", "a row of baseline: d.age"),
        ],
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_every_contradiction_of_tables_is_said_with_its_place_and_in_order(name: str) -> None:
    raw, expected = TABLES[name]
    assert said_of(raw) == expected


@pytest.mark.parametrize(
    ("visit", "said"), [("BL", "'BL', the baseline visit"), ("SC", "'SC', a visit before baseline")]
)
def test_an_intercurrent_event_affects_a_visit_after_baseline(
    tmp_path: Path, visit: str, said: str
) -> None:
    screening = '[[visits]]\ncode = "SC"\nlabel = "Screening"\ntarget_day = -7\n'
    screening += "window = { early = 3, late = 3 }\n\n"
    event = '\n[[intercurrent_events]]\ncode = "rescue"\nlabel = "Rescue"\nfrom_visit = '
    first = "[[visits]]\n"
    planned = MINIMAL.replace(first, screening + first, 1)
    (found,) = complaints(tmp_path, f'{planned}{event}"{visit}"\n')
    assert "[intercurrent_events 'rescue'] from_visit" in found
    assert f"found {said}, which nothing after randomisation can affect" in found
    assert "expected a visit after baseline: W6" in found
    after = f'{planned}{event}"W6"\n'
    (tmp_path / "protocol.toml").write_text(after, encoding="utf-8")
    assert load_protocol(tmp_path).intercurrent_events[0].from_visit == "W6"

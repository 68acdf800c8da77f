"""Analyses of every method find their rows in the table of additional analyses."""

from dataclasses import replace

import pytest

from tests.line import Line
from tests.protocol.locks.recorded import NOBODY, history
from tests.report.factory import content_of, made_up_line, made_up_protocol
from tests.variations import specification_of
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.bootstrap import Bootstrap
from trialkit.protocol.methods.linear_models import OutcomeScale
from trialkit.protocol.methods.margin_comparison import MarginComparison
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.plan import Analysis, AnalysisRole
from trialkit.protocol.methods.rerandomisation import Rerandomisation
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.methods.specifications import SPECIFICATIONS
from trialkit.protocol.methods.standardised_risks import StandardisedRiskComparison
from trialkit.protocol.methods.trimmed_mean import TrimmedMean
from trialkit.protocol.trial.clusters import Clusters
from trialkit.report.content.checklists import RowStatus
from trialkit.report.tables.additional import additional_table
from trialkit.report.tables.at_visits import visits_table
from trialkit.report.tables.proportions import proportions_table
from trialkit.results.effect import Scale
from trialkit.results.lookup import ResultIndex

OF_VALUES = [
    method for method, kind in SPECIFICATIONS.items() if kind.takes(method, OutcomeType.CONTINUOUS)
]
OF_RISKS = {
    method for method, kind in SPECIFICATIONS.items() if kind.takes(method, OutcomeType.BINARY)
}.difference(OF_VALUES)
"""The methods of events; those of levels, counts and times have trials of their own."""


def with_sensitivity(method: Method, *, arms: int = 3) -> Line:
    """A made-up trial with one sensitivity analysis of this method."""
    one = made_up_protocol(arms=arms, visits=3)
    specification = specification_of(method)
    if isinstance(specification, Rerandomisation | Bootstrap | TrimmedMean):
        specification = replace(specification, replicates=999)
    if isinstance(specification, Bootstrap) and arms > 2:
        one = made_up_protocol(arms=2, visits=3)
    if specification.READS_CLUSTERS:
        some = one.arm_codes[1:] if specification.CLUSTERS_IN_SOME_ARMS else ()
        clusters = Clusters(label="class", plural="classes", randomised=False, arms=some)
        one = replace(one, clusters=clusters)
    extra = Analysis(
        id="extra",
        role=AnalysisRole.SENSITIVITY,
        outcomes=("better" if method in OF_RISKS else "pain",),
        population="itt",
        estimand="E1",
        specification=specification,
    )
    plan = replace(one.plan, analyses=(*one.plan.analyses, extra))
    return made_up_line(protocol=replace(one, plan=plan))


FAST = {Method.MMRM, Method.SUBGROUPS, Method.RESPONDERS, Method.NON_INFERIORITY}


@pytest.mark.parametrize(
    "method",
    [
        pytest.param(each, marks=() if each in FAST else pytest.mark.slow)
        for each, kind in SPECIFICATIONS.items()
        if (each in OF_VALUES or each in OF_RISKS)
        and not (kind.READS_PERIODS or kind.READS_FACTORS)
        and each is not Method.TIPPING_POINT  # it has a table of its own: test_tipping.py
    ],
)
def test_any_method_is_reported(method: Method) -> None:
    line = with_sensitivity(method)
    recorded = history(line.protocol, (line.protocol, NOBODY))
    table = additional_table(line.protocol, ResultIndex(line.results), recorded)
    assert table is not None
    assert table.claims[0].lacks == ""
    stated = [name for row in table.rows for cell in row.cells[2:] for name in cell.results]
    assert stated
    assert all(name.startswith("extra/") for name in stated)
    assert all("nan" not in cell.text for row in table.rows for cell in row.cells)
    assert content_of(line, history=recorded).checklist.row("28").status.is_reported
    assert content_of(line).checklist.row("28").status is RowStatus.PARTIAL


def test_each_contrast_has_its_row(three_arms: Line) -> None:
    table = additional_table(three_arms.protocol, ResultIndex(three_arms.results))
    assert table is not None
    heads = [row.head for row in table.rows]
    assert len(heads) == len(set(heads))
    assert any("(post hoc" in head for head in heads)
    assert any("One session a week vs Leaflet" in head for head in heads)


def test_two_visits_need_no_table_of_visits(example: Line, three_arms: Line) -> None:
    assert visits_table(example.protocol, ResultIndex(example.results)) is None
    table = visits_table(three_arms.protocol, ResultIndex(three_arms.results))
    assert table is not None
    knee = table.groups[0]
    assert [row.head for row in knee.rows] == [visit.label for visit in three_arms.protocol.visits]
    assert [cell.text for cell in knee.rows[0].cells[-2:]] == ["—", "—"]


def heads_of(line: Line) -> list[str]:
    table = additional_table(line.protocol, ResultIndex(line.results))
    assert table is not None
    return [row.head for row in table.rows]


def test_a_single_subgroup_has_no_p_value_and_borrows_no_number_of_participants() -> None:
    line = with_sensitivity(Method.SUBGROUPS)
    table = additional_table(line.protocol, ResultIndex(line.results))
    assert table is not None
    overall = [row for row in table.rows if "all participants" in row.head]
    assert overall
    assert all(row.cells[1].text != "—" and row.cells[4].text == "—" for row in overall)
    levels = [row for row in table.rows if "interaction" not in row.head and row not in overall]
    whole = [row for row in table.rows if "interaction" in row.head]
    assert levels
    assert whole
    assert all(row.cells[4].text == "—" for row in levels)
    # both levels together are all who are analysed, arm by arm
    sizes = {row.head.rpartition(", ")[2]: row.cells[1].text.split(" / ") for row in levels}
    per_arm = [sum(map(int, own)) for own in zip(*sizes.values(), strict=True)]
    assert per_arm == [int(n) for n in overall[0].cells[1].text.split(" / ")]
    assert len(sizes) == 2
    assert all("—" not in (row.cells[1].text, row.cells[4].text) for row in whole)
    assert all("demographics." not in row.head for row in table.rows)
    assert any("single subgroups are not tested" in note for note in table.notes)


@pytest.mark.parametrize("method", [Method.NON_INFERIORITY, Method.EQUIVALENCE])
def test_what_a_margin_shows_is_said_with_the_names_of_the_arms(method: Method) -> None:
    line = with_sensitivity(method)
    reference = line.protocol.reference
    for arm, head in zip(line.protocol.experimental, heads_of(line), strict=True):
        assert f"{arm.label} " in head.partition(". ")[2]
        assert reference.label in head.partition(". ")[2]
        assert "welch_t" not in head
        assert f"{arm.code} is" not in head


def test_a_ratio_is_called_a_ratio_since_the_table_has_the_unit_of_the_outcome() -> None:
    line = with_sensitivity(Method.ANCOVA)
    logs = replace(
        line.protocol.plan.analyses[-1], specification=Ancova(scale=OutcomeScale.LOG, covariates=())
    )
    plan = replace(line.protocol.plan, analyses=(*line.protocol.plan.analyses[:-1], logs))
    again = made_up_line(protocol=replace(line.protocol, plan=plan))
    assert all("ratio of geometric means" in head for head in heads_of(again))


def test_the_test_of_proportions_has_its_readers_name() -> None:
    heads = heads_of(with_sensitivity(Method.RISK_DIFFERENCE))
    assert any("the N \N{MINUS SIGN} 1 chi-squared test" in head for head in heads)
    assert not any("chi square n minus" in head for head in heads)


def test_the_risk_of_one_arm_changes_and_that_of_two_differs() -> None:
    within = heads_of(with_sensitivity(Method.MCNEMAR))
    assert [head for head in within if head.endswith("change of the risk")]
    assert not [head for head in within if "risk difference" in head]
    between = heads_of(with_sensitivity(Method.RISK_DIFFERENCE))
    assert [head for head in between if head.endswith("risk difference")]


def test_a_share_of_responders_does_not_stand_beside_means() -> None:
    line = with_sensitivity(Method.RESPONDERS)
    responders = replace(line.protocol.plan.analyses[-1], role=AnalysisRole.SECONDARY)
    plan = replace(line.protocol.plan, analyses=(*line.protocol.plan.analyses[:-1], responders))
    again = made_up_line(protocol=replace(line.protocol, plan=plan))
    index = ResultIndex(again.results)
    table = visits_table(again.protocol, index)
    assert table is not None
    assert len({group.head for group in table.groups}) == len(table.groups)
    proportions = proportions_table(again.protocol, index)
    assert proportions is not None
    assert any("responders, secondary analysis" in group.head for group in proportions.groups)


def test_who_is_a_responder_is_said_in_the_row() -> None:
    heads = heads_of(with_sensitivity(Method.RESPONDERS))
    assert all(head.startswith("Responders who improved by") for head in heads)


def asked_instead(line: Line, *asked: Specification) -> Line:
    """The trial with these in the place of the extra analysis, each by itself."""
    *others, extra = line.protocol.plan.analyses
    more = [
        replace(extra, id=f"extra_{n}", specification=each) for n, each in enumerate(asked, start=1)
    ]
    plan = replace(line.protocol.plan, analyses=(*others, *more))
    return made_up_line(protocol=replace(line.protocol, plan=plan))


@pytest.mark.parametrize("scale", [None, Scale.RISK_RATIO, Scale.ODDS_RATIO])
def test_one_measure_of_risks_alone_is_held_against_the_margin(scale: Scale | None) -> None:
    held = MarginComparison(
        method=Method.NON_INFERIORITY,
        margin=0.5,
        scale=scale,
        model=StandardisedRiskComparison(),
    )
    line = asked_instead(with_sensitivity(Method.STANDARDISED_RISKS, arms=2), held)
    table = additional_table(line.protocol, ResultIndex(line.results))
    assert table is not None
    rows = [row for row in table.rows if "tandardised risks" in row.head]
    assert len(rows) == 3
    (judged,) = (row for row in rows if "margin" in row.head)
    assert judged.cells[-1].text != "\N{EM DASH}"
    name = "risk ratio" if scale is Scale.RISK_RATIO else "odds ratio"
    assert (name in judged.head) is (scale is not None)
    others = [row for row in rows if row is not judged]
    assert all("beside non-inferiority" in row.head for row in others)
    assert [row.cells[-1].text for row in others] == ["\N{EM DASH}"] * 2


def test_two_analyses_of_one_method_and_role_are_told_apart_by_their_ids() -> None:
    whole = Ancova(covariates=("baseline",))
    line = asked_instead(with_sensitivity(Method.ANCOVA), whole, replace(whole, covariates=()))
    heads = heads_of(line)
    assert len(heads) == len(set(heads))
    assert sum("[extra_1]" in head for head in heads) == 2
    assert sum("[extra_2]" in head for head in heads) == 2

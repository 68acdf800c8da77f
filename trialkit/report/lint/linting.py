"""All rules of the lint, and what they find together."""

from trialkit.errors import ReportError
from trialkit.report.content.finding import LintFinding, LintSeverity
from trialkit.report.lint.contradiction_rules import (
    dates_outside_the_trial,
    estimand_and_population,
    framework_and_method,
    metric_and_response,
    no_ethics,
)
from trialkit.report.lint.count_rules import counts_vary_more
from trialkit.report.lint.design_rules import (
    clusters_passed_over,
    dose_is_vague,
    expectation_can_explain,
    registered_late,
    sides_counted_twice,
    size_does_not_follow,
    strata_left_out,
)
from trialkit.report.lint.estimand_rules import (
    described_events,
    unknown_events,
    unobserved_after_events,
)
from trialkit.report.lint.evidence import Evidence, LintRule
from trialkit.report.lint.factor_rules import interactions_passed_over
from trialkit.report.lint.imputation_rules import imputed_by_less
from trialkit.report.lint.interval_rules import p_against_interval
from trialkit.report.lint.level_rules import levels_and_their_model
from trialkit.report.lint.missing_rules import (
    missing_unequally,
    same_assumption,
    too_many_missing,
)
from trialkit.report.lint.period_rules import periods_rest_on_the_washout
from trialkit.report.lint.plan_rules import (
    many_tests,
    not_prespecified,
    outcome_without_result,
    within_arm_evidence,
)
from trialkit.report.lint.record_rules import planned_without_record
from trialkit.report.lint.result_rules import (
    baseline_tests,
    binary_without_both,
    flow_differs,
    no_harms,
    numbers_analysed,
    p_without_effect,
)
from trialkit.report.lint.text_rules import (
    another_guideline,
    bare_p_in_words,
    block_sizes_in_words,
)
from trialkit.report.lint.time_rules import hazards_that_change
from trialkit.report.lint.told_rules import promised_and_not_shown, shown_and_not_told

RULES = (
    LintRule(
        id="R01",
        title="Registration in time",
        rows=("2",),
        anchor="registration",
        place="Registration",
        look=registered_late,
    ),
    LintRule(
        id="R02",
        title="Prespecified or post hoc",
        rows=("10", "21d", "28"),
        anchor="changes",
        place="Changes to the protocol",
        look=not_prespecified,
    ),
    LintRule(
        id="R03",
        title="Every outcome has a result",
        rows=("26",),
        anchor="outcome-results",
        place="Outcomes and estimation",
        look=outcome_without_result,
    ),
    LintRule(
        id="R04",
        title="No p values at baseline",
        rows=("25",),
        anchor="baseline",
        place="Baseline characteristics",
        look=baseline_tests,
    ),
    LintRule(
        id="R05",
        title="Changes within an arm are no evidence",
        rows=("26",),
        anchor="ancillary",
        place="Additional analyses",
        look=within_arm_evidence,
    ),
    LintRule(
        id="R06",
        title="No p value without its effect",
        rows=("26",),
        anchor="outcome-results",
        place="Outcomes and estimation",
        look=p_without_effect,
    ),
    LintRule(
        id="R06",
        title="No p value without its effect",
        rows=("26", "29"),
        anchor="discussion",
        place="the author's statements",
        look=bare_p_in_words,
    ),
    LintRule(
        id="R07",
        title="Binary outcomes, absolute and relative",
        rows=("26",),
        anchor="outcome-results",
        place="Outcomes and estimation",
        look=binary_without_both,
    ),
    LintRule(
        id="R08",
        title="The flow is that of the data and of the analysis",
        rows=("22a", "22b"),
        anchor="flow-of-participants",
        place="Participant flow",
        look=flow_differs,
    ),
    LintRule(
        id="R09",
        title="Numbers analysed are explained",
        rows=("26",),
        anchor="outcome-results",
        place="Outcomes and estimation",
        look=numbers_analysed,
    ),
    LintRule(
        id="R10",
        title="The number of tests",
        rows=("21a", "30"),
        anchor="statistics",
        place="Statistical methods",
        look=many_tests,
    ),
    LintRule(
        id="R11",
        title="No harms is not safe",
        rows=("15", "27"),
        anchor="harms",
        place="Harms",
        look=no_harms,
    ),
    LintRule(
        id="R12",
        title="The sample size follows from its assumptions",
        rows=("16a",),
        anchor="sample-size",
        place="Sample size and interim analyses",
        look=size_does_not_follow,
    ),
    LintRule(
        id="R13",
        title="Expectation can explain the effect",
        rows=("20a", "30"),
        anchor="blinding",
        place="Blinding",
        look=expectation_can_explain,
    ),
    LintRule(
        id="R14",
        title="Sides of a body as separate outcomes",
        rows=("14", "21a"),
        anchor="outcomes",
        place="Outcomes",
        look=sides_counted_twice,
    ),
    LintRule(
        id="R15",
        title="Another assumption about missing values",
        rows=("21c",),
        anchor="statistics",
        place="Statistical methods",
        look=same_assumption,
    ),
    LintRule(
        id="R16",
        title="The planned and the delivered dose",
        rows=("13", "24a"),
        anchor="interventions",
        place="Interventions",
        look=dose_is_vague,
    ),
    LintRule(
        id="R17",
        title="One version of the guideline",
        rows=("all",),
        anchor="checklist",
        place="Checklist",
        look=another_guideline,
    ),
    LintRule(
        id="R18",
        title="Block sizes stay secret in the protocol",
        rows=("17b", "SPIRIT 21b"),
        anchor="randomisation",
        place="Randomisation",
        look=block_sizes_in_words,
    ),
    LintRule(
        id="R19",
        title="Strata of the randomisation enter the analysis",
        rows=("17b", "21a"),
        anchor="statistics",
        place="Statistical methods",
        look=strata_left_out,
    ),
    LintRule(
        id="R20",
        title="A dated record of the plan",
        rows=("10", "21d", "28"),
        anchor="changes",
        place="Changes to the protocol",
        look=planned_without_record,
    ),
    LintRule(
        id="R21",
        title="P value and interval agree",
        rows=("26", "21a"),
        anchor="outcome-results",
        place="Outcomes and estimation",
        look=p_against_interval,
    ),
    LintRule(
        id="R22",
        title="Framework, method and margin",
        rows=("9", "21a"),
        anchor="statistics",
        place="Statistical methods",
        look=framework_and_method,
    ),
    LintRule(
        id="R23",
        title="Estimand and analysis are of one population",
        rows=("21b",),
        anchor="statistics",
        place="Statistical methods",
        look=estimand_and_population,
    ),
    LintRule(
        id="R24",
        title="The declared metric is what is analysed",
        rows=("14", "21a"),
        anchor="outcomes",
        place="Outcomes",
        look=metric_and_response,
    ),
    LintRule(
        id="R25",
        title="Data lie within the dates of the trial",
        rows=("23a",),
        anchor="recruitment",
        place="Recruitment and follow-up",
        look=dates_outside_the_trial,
    ),
    LintRule(
        id="R26",
        title="Ethics approval and consent",
        rows=("SPIRIT 30", "SPIRIT 32a"),
        anchor="setting",
        place="Setting",
        look=no_ethics,
    ),
    LintRule(
        id="R27",
        title="What is promised is shown, and what is shown is told",
        rows=("21a", "26"),
        anchor="statistics",
        place="Statistical methods",
        look=promised_and_not_shown,
    ),
    LintRule(
        id="R27",
        title="What is promised is shown, and what is shown is told",
        rows=("21a",),
        anchor="statistics",
        place="Statistical methods",
        look=shown_and_not_told,
    ),
    LintRule(
        id="R28",
        title="Counts that vary more than a Poisson model says",
        rows=("21a", "26"),
        anchor="statistics",
        place="Statistical methods",
        look=counts_vary_more,
    ),
    LintRule(
        id="R29",
        title="What was allocated is what is analysed",
        rows=("21a",),
        anchor="statistics",
        place="Statistical methods",
        look=clusters_passed_over,
    ),
    LintRule(
        id="R30",
        title="Levels and the model of them",
        rows=("21a", "26"),
        anchor="outcome-results",
        place="Outcomes and estimation",
        look=levels_and_their_model,
    ),
    LintRule(
        id="R31",
        title="One hazard ratio for all times",
        rows=("21a", "26"),
        anchor="outcome-results",
        place="Outcomes and estimation",
        look=hazards_that_change,
    ),
    LintRule(
        id="R32",
        title="The interaction of a factorial trial",
        rows=("21a", "26"),
        anchor="outcome-results",
        place="Outcomes and estimation",
        look=interactions_passed_over,
    ),
    LintRule(
        id="R33",
        title="What a comparison of periods rests on",
        rows=("21a", "30"),
        anchor="statistics",
        place="Statistical methods",
        look=periods_rest_on_the_washout,
    ),
    LintRule(
        id="R34",
        title="Too many values missing",
        rows=("21c", "26", "30"),
        anchor="outcome-results",
        place="Outcomes and estimation",
        look=too_many_missing,
    ),
    LintRule(
        id="R35",
        title="Values missing unequally between arms",
        rows=("21c", "26"),
        anchor="outcome-results",
        place="Outcomes and estimation",
        look=missing_unequally,
    ),
    LintRule(
        id="R36",
        title="An imputation poorer than the analysis",
        rows=("21a", "21c"),
        anchor="statistics",
        place="Statistical methods",
        look=imputed_by_less,
    ),
    LintRule(
        id="R37",
        title="Strategies that are described and not carried out",
        rows=("21a", "21c"),
        anchor="statistics",
        place="[[estimands]]",
        look=described_events,
    ),
    LintRule(
        id="R38",
        title="Treatment policy without values after the event",
        rows=("21a", "21c", "26"),
        anchor="missing-data",
        place="Outcomes and estimation",
        look=unobserved_after_events,
    ),
    LintRule(
        id="R39",
        title="Events of which nobody knows whether they happened",
        rows=("21c", "26"),
        anchor="missing-data",
        place="[[intercurrent_events]]",
        look=unknown_events,
    ),
)


def lint(evidence: Evidence) -> tuple[LintFinding, ...]:
    """What every rule finds, in the order of the rules.

    Raises :class:`ReportError` where ``[[accepted]]`` names a rule that does not exist.
    """
    reasons = {each.rule: each.reason for each in evidence.protocol.accepted}
    known = dict.fromkeys(rule.id for rule in RULES)
    for rule_id in reasons:
        if rule_id not in known:
            raise ReportError(
                f"[[accepted]] names rule {rule_id!r}; the rules of the lint are {', '.join(known)}"
            )
    return tuple(
        LintFinding(
            rule=rule.id,
            severity=notice.severity,
            rows=rule.rows,
            found=notice.found,
            mend=notice.mend,
            anchor=rule.anchor,
            place=notice.place or rule.place,
            accepted=reasons.get(rule.id, ""),
        )
        for rule in RULES
        for notice in rule.look(evidence)
    )


def ordered(findings: tuple[LintFinding, ...]) -> tuple[LintFinding, ...]:
    """The same findings, errors first, those accepted after those that are not."""
    rank = {severity: place for place, severity in enumerate(LintSeverity)}
    return tuple(
        sorted(findings, key=lambda each: (rank[each.severity], bool(each.accepted), each.rule))
    )

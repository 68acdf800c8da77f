"""What must hold within the plan: between analyses, their outcomes, their methods and families."""

from collections import Counter
from collections.abc import Mapping

from trialkit.protocol.cluster_consistency import complain_of_clusters
from trialkit.protocol.family_consistency import complain_of_families
from trialkit.protocol.methods.estimands import Strategy
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.outcome_kinds import KINDS
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.plan import AnalysisRole
from trialkit.protocol.named_specifications import specification_named, tables_read
from trialkit.protocol.option_consistency import complain_of_options
from trialkit.protocol.planned_times import complain_of_planned_times
from trialkit.protocol.tables.definitions import Complaints, shown
from trialkit.protocol.tables.raw_tables import Table, rows, text, texts
from trialkit.protocol.trial.conduct import RandomisationType
from trialkit.protocol.trial.outcomes import OutcomeRole
from trialkit.protocol.trial.people import Grouping
from trialkit.results.effect import Scale

STRATUM = Strategy.PRINCIPAL_STRATUM.value

_CONFIRMING = (
    AnalysisRole.PRIMARY.value,
    AnalysisRole.SECONDARY.value,
    AnalysisRole.SENSITIVITY.value,
)

_ADAPTIVE = (
    RandomisationType.MINIMISATION.value,
    RandomisationType.BIASED_COIN.value,
    RandomisationType.URN.value,
    RandomisationType.BIG_STICK.value,
)
"""Randomisations in which an allocation depends on those before it."""


def complain_of_the_plan(raw: Table, complaints: Complaints) -> None:
    """Add a complaint for everything that the plan says against itself."""
    _primary_analyses_are_of_primary_outcomes(raw, complaints)
    _outcomes_are_named_once(raw, complaints)
    _post_hoc_analyses_have_a_reason(raw, complaints)
    _methods_fit_their_outcomes(raw, complaints)
    _scales_fit_their_outcomes(raw, complaints)
    _confirming_methods_compare_two_arms(raw, complaints)
    complain_of_families(raw, complaints)
    complain_of_options(raw, complaints)
    _principal_strata_are_declared(raw, complaints)
    _arms_were_permuted(raw, complaints)
    complain_of_clusters(raw, complaints)
    complain_of_planned_times(raw, complaints)


def _arms_were_permuted(raw: Table, complaints: Complaints) -> None:
    """What a randomisation that looks at the arms so far could have given is no permutation."""
    stated = raw.get("randomisation")
    kind = text(stated, "type") if isinstance(stated, Mapping) else ""
    for table, each in rows(raw, "analyses"):
        specification = specification_named(text(each, "method"))
        permutes = specification is not None and specification.PERMUTES_ARMS
        if permutes and each.get("restricted") is not False and kind in _ADAPTIVE:
            complaints.add(
                table=table,
                key="method",
                found=f"{shown(text(each, 'method'))}, which permutes the arms within blocks and "
                f"strata, after a randomisation by {kind}, which other allocations could follow",
                expected="another method, such as 'ancova'",
            )


def _primary_analyses_are_of_primary_outcomes(raw: Table, complaints: Complaints) -> None:
    roles = {text(each, "code"): text(each, "role") for _, each in rows(raw, "outcomes")}
    primary = [code for code, role in roles.items() if role == OutcomeRole.PRIMARY.value]
    analyses = [
        (table, dict.fromkeys(texts(each, "outcomes")))
        for table, each in rows(raw, "analyses")
        if text(each, "role") == AnalysisRole.PRIMARY.value
    ]
    for code in primary if rows(raw, "analyses") else ():
        count = sum(code in outcomes for _, outcomes in analyses)
        if count != 1:
            complaints.add(
                table="analyses",
                key="role",
                found=f"{count} primary analyses of the primary outcome {code!r}",
                expected="exactly one analysis with role = 'primary' that names it",
            )
    for table, outcomes in analyses:
        for code in outcomes:
            if primary and code in roles and code not in primary:
                complaints.add(
                    table=table,
                    key="outcomes",
                    found=f"{code!r}, an outcome of role {shown(roles[code])}",
                    expected="primary outcomes alone in a primary analysis",
                )


def _outcomes_are_named_once(raw: Table, complaints: Complaints) -> None:
    for table, each in rows(raw, "analyses"):
        if each.get("outcomes") == []:
            complaints.add(
                table=table, key="outcomes", found="an empty list", expected="one or more outcomes"
            )
        for code, count in Counter(texts(each, "outcomes")).items():
            if count > 1:
                complaints.add(
                    table=table,
                    key="outcomes",
                    found=f"{shown(code)} {count} times",
                    expected="each once",
                )


def _post_hoc_analyses_have_a_reason(raw: Table, complaints: Complaints) -> None:
    for table, each in rows(raw, "analyses"):
        if text(each, "role") == AnalysisRole.POST_HOC.value and not each.get("reason"):
            complaints.add(
                table=table, key="reason", found="nothing", expected="why it was done post hoc"
            )


def _methods_fit_their_outcomes(raw: Table, complaints: Complaints) -> None:
    types = {text(each, "code"): text(each, "type") for _, each in rows(raw, "outcomes")}
    for table, each in tables_read(raw):
        method = text(each, "method")
        for code in dict.fromkeys(texts(each, "outcomes")):
            if method and code in types and not _fits(method, types[code]):
                complaints.add(
                    table=table,
                    key="method",
                    found=f"{shown(method)} for the {types[code]} outcome {code!r}",
                    expected=f"a method for outcomes of that type{_why(method, types[code])}",
                )


def _why(method: str, outcome_type: str) -> str:
    """More of why a method does not take such outcomes, where it says so."""
    specification = specification_named(method)
    if specification is None or outcome_type not in list(OutcomeType):
        return ""
    why = specification.NOT_FOR.get(KINDS[OutcomeType(outcome_type)].summary, "")
    return f": {why}" if why else ""


def _scales_fit_their_outcomes(raw: Table, complaints: Complaints) -> None:
    """Of a method whose plan says the scale, an effect that its outcomes can have."""
    types = {text(each, "code"): text(each, "type") for _, each in rows(raw, "outcomes")}
    for table, each in rows(raw, "analyses"):
        specification = specification_named(text(each, "method"))
        if specification is None or not specification.SCALES:
            continue
        unsaid = specification.SCALE_UNSAID
        scale = text(each, "scale") or ("" if unsaid is None else unsaid.value)
        if scale not in list(Scale):
            continue
        for code in dict.fromkeys(texts(each, "outcomes")):
            if types.get(code) not in list(OutcomeType):
                continue
            summary = KINDS[OutcomeType(types[code])].summary
            fitting = specification.SCALES.get(summary, ())  # none: the type itself does not fit
            if fitting and scale not in fitting:
                complaints.add(
                    table=table,
                    key="scale",
                    found=f"{shown(scale)} for the {types[code]} outcome {code!r}",
                    expected=f"one of {', '.join(each.value for each in Scale if each in fitting)}",
                )


def _fits(method: str, outcome_type: str) -> bool:
    """Whether the method takes the outcome; of names that are not known others complain."""
    specification = specification_named(method)
    if specification is None or outcome_type not in list(OutcomeType):
        return True
    return specification.takes(Method(method), OutcomeType(outcome_type))


def _confirming_methods_compare_two_arms(raw: Table, complaints: Complaints) -> None:
    for table, each in rows(raw, "analyses"):
        method, family = text(each, "method"), text(each, "family")
        primary = text(each, "role") == AnalysisRole.PRIMARY.value
        specification = specification_named(method)
        if specification is None or method not in specification.WITHOUT_HEADLINE:
            continue
        if primary or family:
            place = "in a primary analysis" if primary else f"in the family {family!r}"
            complaints.add(
                table=table,
                key="method",
                found=f"{method!r} {place}",
                expected="a method with a p value of the difference between two arms; this one "
                "gives none to confirm or to adjust",
            )


def _principal_strata_are_declared(raw: Table, complaints: Complaints) -> None:
    """An effect in who complies answers for an estimand that says so, and is exploratory else."""
    declared = {
        text(each, "code")
        for _, each in rows(raw, "estimands")
        if any(text(event, "strategy") == STRATUM for _, event in rows(each, "intercurrent_events"))
    }
    received = {
        text(each, "code")
        for _, each in rows(raw, "populations")
        if text(each, "group_by") == Grouping.RECEIVED.value
    }
    for table, each in tables_read(raw):
        specification = specification_named(text(each, "method"))
        if specification is None or not specification.OF_PRINCIPAL_STRATUM:
            continue
        if text(each, "population") in received:
            complaints.add(
                table=table,
                key="population",
                found=f"{shown(text(each, 'population'))}, grouped by what was received",
                expected="a population grouped as allocated: chance alone makes the arms comparable",
            )
        role = text(each, "role")
        if role in _CONFIRMING and text(each, "estimand") not in declared:
            complaints.add(
                table=table,
                key="role",
                found=f"{shown(role)} of {text(each, 'method')}, for an estimand without a principal "
                "stratum",
                expected="'exploratory', or an estimand with an intercurrent event of strategy = "
                f"{STRATUM!r}",
            )

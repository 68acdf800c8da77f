"""The fitted models in full: analysis of variance, adjusted means, and checks of assumptions."""

from trialkit.protocol.compared import compared
from trialkit.protocol.methods.diagnostics import Check
from trialkit.protocol.methods.plan import Analysis
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.tables import Cell, ColumnHead, Row, RowGroup, Table
from trialkit.report.numbers.numbers import confidence, degrees_of_freedom, p_symbol
from trialkit.report.tables.cells import (
    interval_cell,
    number_cell,
    p_cell,
    positive_cell,
    printed_cell,
    said_once,
)
from trialkit.report.tables.headlines import MAIN_ROLES
from trialkit.report.words.en.sentences.checks import CHECKS, printed_checks
from trialkit.report.words.en.terms import group_word
from trialkit.report.words.en.wording import lowered
from trialkit.report.words.languages import short_name, words_of
from trialkit.results.lookup import Address, ResultIndex, Statistics, Term, value
from trialkit.results.vocabulary import Stat

TERMS = {"group": "Arm", "visit": "Visit", "group:visit": "Arm by visit"}
MEANS = frozenset({Term.ADJUSTED_MEAN, Term.MARGINAL_MEAN})


def anova_table(protocol: Protocol, index: ResultIndex) -> Table | None:
    """Every term of every mixed analysis of variance; None when none was planned."""
    found = {each: _anova_groups(each, protocol, index) for each in protocol.plan.analyses}
    groups = [group for own in found.values() for group in own]
    if not groups:
        return None
    corrected = len(protocol.visits) > 2
    extra = ("\N{GREEK SMALL LETTER EPSILON} (GG)", "p (GG)", "p (HF)") if corrected else ()
    tested = {_tested(each, protocol) for each, own in found.items() if own}
    notes = [
        (
            "\N{GREEK SMALL LETTER ETA}\N{SUPERSCRIPT TWO}p: partial, "
            "\N{GREEK SMALL LETTER ETA}\N{SUPERSCRIPT TWO}G: generalised eta squared."
        ),
    ]
    if corrected:
        notes.append(
            "GG: Greenhouse and Geisser; HF: Huynh and Feldt. The plain p assumes sphericity."
        )
    return Table(
        anchor="table-anova",
        caption=f"Mixed analyses of variance ({' and '.join(sorted(tested))} sums of squares)",
        stub="Outcome and term",
        heads=tuple(
            ColumnHead(text=text)
            for text in (
                "df",
                "F",
                p_symbol(),
                *extra,
                "\N{GREEK SMALL LETTER ETA}\N{SUPERSCRIPT TWO}p",
                "\N{GREEK SMALL LETTER ETA}\N{SUPERSCRIPT TWO}G",
            )
        ),
        groups=tuple(groups),
        notes=tuple(notes),
        supplementary=True,
    )


def adjusted_means_table(protocol: Protocol, index: ResultIndex) -> Table | None:
    """Adjusted means at the time points, of every model that has them; None when none has."""
    protocol = compared(protocol)
    groups = [
        group
        for each in protocol.plan.analyses
        for group in _adjusted_groups(each, protocol, index)
    ]
    if not groups:
        return None
    ratio = confidence(protocol.plan.confidence_level)
    return Table(
        anchor="table-adjusted-means",
        caption="Adjusted means at the time point of each outcome, numeric covariates at their mean",
        stub=f"Outcome and {group_word(protocol)}",
        heads=(ColumnHead(text=f"Adjusted mean ({ratio} CI)"), ColumnHead(text="SE")),
        groups=tuple(groups),
        supplementary=True,
    )


def diagnostics_table(protocol: Protocol, index: ResultIndex) -> Table | None:
    """Checks of assumptions of the main analyses; None when the results hold none."""
    printed = printed_checks(protocol)
    groups = []
    for analysis in protocol.plan.analyses:
        for code in analysis.outcomes if analysis.role in MAIN_ROLES else ():
            rows = tuple(
                _diagnostic_row(address, protocol, index)
                for address in index.addresses(analysis.id, outcome=code)
                if address.term.partition(": ")[0] in printed
            )
            if rows:
                groups.append(RowGroup(head=_head(analysis, code, protocol), rows=rows))
    if not groups:
        return None
    return Table(
        anchor="table-diagnostics",
        caption="Checks of the assumptions of the primary and secondary analyses",
        stub="Outcome and check",
        heads=(
            ColumnHead(text="Method", words=True),
            ColumnHead(text="Statistic"),
            ColumnHead(text=p_symbol()),
        ),
        groups=tuple(groups),
        notes=("They chose nothing: the methods are those of the plan.",),
        supplementary=True,
    )


def _head(analysis: Analysis, code: str, protocol: Protocol) -> str:
    population = protocol.population(analysis.population).label
    where = f"{lowered(population)} population"
    label = protocol.outcome(code).label
    return f"{label} \N{EN DASH} {analysis.role.value} analysis, {where}"


def _tested(analysis: Analysis, protocol: Protocol) -> str:
    specification = analysis.specification
    return words_of(specification, protocol).terms(specification)


def _anova_groups(analysis: Analysis, protocol: Protocol, index: ResultIndex) -> list[RowGroup]:
    groups = []
    for code in analysis.outcomes:
        rows = [
            _anova_row(text, index.find(analysis.id, outcome=code, term=term, visit=""), protocol)
            for term, text in TERMS.items()
        ]
        found = tuple(row for row in rows if row is not None)
        if found:
            groups.append(RowGroup(head=_head(analysis, code, protocol), rows=found))
    return groups


def _anova_row(text: str, found: Statistics, protocol: Protocol) -> Row | None:
    if Stat.GENERALISED_ETA_SQUARED not in found:
        return None
    alpha = protocol.plan.alpha
    degrees = (degrees_of_freedom(value(found, stat)) for stat in (Stat.DF_NUM, Stat.DF_DEN))
    corrected = (
        (
            number_cell(found, Stat.EPSILON_GG, digits=3),
            p_cell(found, Stat.P_VALUE_GG, alpha=alpha),
            p_cell(found, Stat.P_VALUE_HF, alpha=alpha),
        )
        if len(protocol.visits) > 2
        else ()
    )
    return Row(
        head=text,
        indented=True,
        cells=(
            printed_cell(", ".join(degrees), found, Stat.DF_NUM, Stat.DF_DEN),
            positive_cell(found, Stat.STATISTIC, digits=2),
            p_cell(found, alpha=alpha),
            *corrected,
            positive_cell(found, Stat.PARTIAL_ETA_SQUARED, digits=3),
            positive_cell(found, Stat.GENERALISED_ETA_SQUARED, digits=3),
        ),
    )


def _adjusted_groups(analysis: Analysis, protocol: Protocol, index: ResultIndex) -> list[RowGroup]:
    groups = []
    order = {arm.code: position for position, arm in enumerate(protocol.arms)}
    for code in analysis.outcomes:
        outcome = protocol.analysed(analysis, code)
        rows = [
            _mean_row(address, protocol, index)
            for address in sorted(
                index.addresses(analysis.id, outcome=code),
                key=lambda address: order.get(address.arm, 0),
            )
            if address.term in MEANS and address.visit == outcome.time_point
        ]
        if rows:
            unit = f", {outcome.unit}" if outcome.unit else ""
            method = short_name(analysis.specification, protocol)
            effect = protocol.effect(analysis.id, outcome)
            kind = "geometric means, " if effect is not None and effect.of_logarithms else ""
            head = f"{outcome.label}{unit} \N{EN DASH} {kind}{method}, {analysis.role.value}"
            groups.append(RowGroup(head=head, rows=tuple(rows)))
    return groups


def _mean_row(address: Address, protocol: Protocol, index: ResultIndex) -> Row:
    found = index.at(address)
    digits = protocol.outcome(address.outcome).digits
    cells = (
        interval_cell(found, digits=digits),
        number_cell(found, Stat.SE, digits=digits + 1),
    )
    return Row(head=protocol.arm(address.arm).label, cells=cells, indented=True)


def _diagnostic_row(address: Address, protocol: Protocol, index: ResultIndex) -> Row:
    found = index.at(address)
    check, _, place = address.term.partition(": ")
    labels = {visit.code: visit.label for visit in protocol.visits}
    where = f", {labels.get(place, place)}" if place else ""
    row = next(iter(found.values()))
    printed = Row(
        head=f"{CHECKS[Check(check)]}{where}",
        indented=True,
        cells=(
            Cell(text=row.note, words=True),
            number_cell(found, Stat.STATISTIC, digits=3),
            p_cell(found, alpha=protocol.plan.alpha),
        ),
    )
    return said_once(printed)

"""Whether the events, arms and visits that an analysis names in its options are those of the trial."""

from collections.abc import Iterator, Sequence
from typing import Any

from trialkit.protocol.methods.plan import Analysis
from trialkit.protocol.tables.choices import suggestion
from trialkit.protocol.tables.definitions import Complaints, shown
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.visits import Visit


def complain_of_names(
    analyses: Sequence[Analysis], read: dict[str, Any], complaints: Complaints
) -> None:
    """Add a complaint for each name that the trial does not have, or the estimand does not name.

    ``read`` are the parts of the protocol that could be read, by their names.
    """
    arms = [each.code for each in read["arms"]]
    visits = _after_baseline(read["visits"])
    for analysis in analyses:
        specification = analysis.specification
        events = list(_coded_events(analysis.estimand, read))
        for what, named, known in (
            (
                f"the intercurrent events with a code that estimand {shown(analysis.estimand)} names",
                specification.events_named,
                events,
            ),
            ("the arms", specification.arms_named, arms),
            ("the visits after baseline", specification.visits_named, visits),
        ):
            for name in named:
                if name not in known:
                    complaints.add(
                        table=f"analyses {shown(analysis.id)}",
                        key="",
                        found=shown(name),
                        expected=f"one of {what}: {', '.join(known) or 'none'}{suggestion(name, known)}",
                    )


def complain_of_unfit(
    analyses: Sequence[Analysis], outcomes: Sequence[Outcome], complaints: Complaints
) -> None:
    """Add a complaint for options that do not go with the kind of an outcome."""
    known = {each.code: each for each in outcomes}
    for analysis in analyses:
        specification = analysis.specification
        for code in analysis.outcomes:
            outcome = known.get(code)
            if outcome is None or not specification.takes(specification.method, outcome.type):
                continue
            unfit = specification.unfit_for(outcome.kind)
            if unfit:
                complaints.add(
                    table=f"analyses {shown(analysis.id)}",
                    key="method",
                    found=f"{specification.method.value} of the {outcome.type.value} outcome "
                    f"{shown(code)}",
                    expected=unfit,
                )


def _coded_events(estimand: str, read: dict[str, Any]) -> Iterator[str]:
    """The events of an estimand that the protocol says how to record."""
    recorded = {each.code for each in read["intercurrent_events"]}
    for stated in read["estimands"]:
        if stated.code == estimand:
            yield from (each.event for each in stated.intercurrent_events if each.event in recorded)


def _after_baseline(visits: Sequence[Visit]) -> list[str]:
    codes = [each.code for each in visits]
    first = next((each.code for each in visits if each.baseline), None)
    return codes if first is None else codes[codes.index(first) + 1 :]

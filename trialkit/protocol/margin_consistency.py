"""Whether the margins of the plan can be held against the effects of its analyses."""

from collections.abc import Sequence

from trialkit.errors import ProtocolError
from trialkit.protocol.methods.margins import better_effect, refuse_margin
from trialkit.protocol.methods.plan import Analysis
from trialkit.protocol.methods.specification import MODEL, Specification
from trialkit.protocol.tables.definitions import Complaints, shown
from trialkit.protocol.trial.outcomes import Outcome


def complain_of_margins(
    analyses: Sequence[Analysis], outcomes: Sequence[Outcome], complaints: Complaints
) -> None:
    """Add a complaint for a margin on the side of better, and for a scale that a model does not have."""
    known = {each.code: each for each in outcomes}
    for analysis in analyses:
        for code in analysis.outcomes:
            if code in known and analysis.specification.margin_question is not None:
                _complain(analysis.specification, analysis.id, known[code], complaints)


def _complain(
    specification: Specification, name: str, outcome: Outcome, complaints: Complaints
) -> None:
    model, table = specification.reads, f"analyses {shown(name)}"
    if not model.takes(model.method, outcome.type):
        return  # said of the method
    (scale,) = specification.scales(outcome.type)
    possible = model.scales(outcome.type)
    if scale not in possible:
        complaints.add(
            table=table,
            key="scale",
            found=f"{shown(scale.value)} of a {MODEL} by {model.method.value}",
            expected=f"one of {', '.join(each.value for each in possible)}",
        )
        return
    question, margin = specification.margin_question, getattr(specification, "margin", None)
    if question is None or margin is None:
        return
    try:
        better = better_effect(scale, outcome.direction, of=outcome.kind.summary)
        refuse_margin(margin, scale=scale, question=question, better=better)
    except ProtocolError as error:
        complaints.add(
            table=table,
            key="margin",
            found=f"for outcome {shown(outcome.code)} {error}",
            expected="a margin on the side of worse",
        )

"""An arm that was received and is not the one somebody was randomised to, without a reason."""

from collections.abc import Mapping

import pandas as pd

from trialkit.checks.judging.cells import CheckedCells
from trialkit.checks.judging.hits import Hits, as_text, hits_at_rows
from trialkit.checks.judging.wording import shown
from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.forms.forms import Purpose, Schemas, Severity


def check_received(
    schemas: Schemas, *, people: pd.DataFrame, cells: Mapping[str, CheckedCells]
) -> tuple[Hits, ...]:
    """Who received another arm; whoever gives the reason for it has said so."""
    arms = people.dropna(subset=["arm"]).set_index("subject_id")["arm"]
    hits: list[Hits] = []
    for form in schemas.forms:
        item = form.item_for(Purpose.ARM_RECEIVED)
        if item is None or form.key != ("subject_id",):
            continue
        at, data = cells[form.id].rows, cells[form.id].data
        allocated = arms.reindex(data.values["subject_id"].iloc[at]).reset_index(drop=True)
        received = as_text(data.values[item.id].iloc[at].mask(cells[form.id].wrong[item.id][at]))
        other = allocated.notna() & (received != "") & (received != as_text(allocated))
        reason = form.item_for(Purpose.NOT_RECEIVED_REASON)
        if reason is not None:
            other &= (data.raw[reason.id].iloc[at].str.strip() == "").reset_index(drop=True)
        hits += hits_at_rows(
            form,
            data,
            at[other.to_numpy()],
            lambda entered, label=item.label: (  # type: ignore[misc]
                f"{label}: "
                + shown(entered)
                + " is not the arm that the participant was randomised to. Correct the one that is "
                "wrong, or confirm that another arm was received."
            ),
            item=item.id,
            rule_id=BuiltIn.OTHER_ARM_RECEIVED.value,
            severity=Severity.SOFT,
        )
    return tuple(hits)

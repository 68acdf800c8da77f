"""What arms are permuted within: the blocks and strata of the randomisation, as they were recorded."""

import pandas as pd

from trialkit.errors import AnalysisError
from trialkit.planned.task.task import Task


def with_allocation(frame: pd.DataFrame, task: Task) -> pd.DataFrame:
    """The block and the stratum of each participant, as the list of allocations recorded them."""
    allocation = task.subjects[["subject_id", "block", "stratum"]]
    return frame.merge(allocation, on="subject_id", how="left", validate="one_to_one")


def restrictions(frame: pd.DataFrame, task: Task) -> list[str]:
    """What the arms are permuted within: what the protocol says, a form asks for or anybody has.

    Raises :class:`AnalysisError` where it is not known of everybody: a test with fewer restrictions
    than the randomisation had would answer for another design.
    """
    stated = task.protocol.randomisation
    said = {"block": stated.is_blocked, "stratum": stated.is_stratified}
    restricted = [
        name
        for name in said
        if said[name] or name in task.restrictions or frame[name].notna().any()
    ]
    for name in restricted:
        unknown = int(frame[name].isna().sum())
        if unknown:
            item = task.restrictions.get(name, "no form asks for it")
            raise AnalysisError(
                f"the {name} of the randomisation ({item}) is not known of {unknown} of "
                f"{len(frame)} participants: without it nobody knows what the arms were permuted "
                "within; enter it, or plan another test"
            )
    return restricted


def within_note(restricted: list[str]) -> str:
    """Within what the arms were permuted, behind the number of allocations."""
    within = " and ".join(f"{'strata' if each == 'stratum' else 'blocks'}" for each in restricted)
    return f", within the {within} used" if within else ", unrestricted"

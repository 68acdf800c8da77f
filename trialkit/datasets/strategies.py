"""What the strategies of an estimand make of the measurements of who had an intercurrent event."""

import pandas as pd

from trialkit.protocol.trial.protocol import Protocol


def named_events(intercurrent: pd.DataFrame, estimand: str, protocol: Protocol) -> pd.DataFrame:
    """The rows of ``intercurrent`` whose event the estimand names by its code, with its ``strategy``."""
    strategies = {
        each.event: each.strategy
        for stated in protocol.estimands
        if stated.code == estimand
        for each in stated.intercurrent_events
    }
    own = intercurrent[intercurrent["event"].isin(list(strategies))].reset_index(drop=True)
    return own.assign(strategy=own["event"].astype("object").map(strategies))

"""Sizes of trials of times to an event as others print them."""

from collections.abc import Mapping
from math import ceil, log1p
from typing import Any

import pytest

from tests.published import Answers, tables_about
from trialkit.design.sample_size.log_rank import LogRank

ABOUT_THE_ANSWER = {"event_time", "losses", "loss_time", "target", "of_events"}


def situation(given: Mapping[str, Any]) -> LogRank:
    """The assumptions as hazards, where they are given as shares with the event, or lost, by a time."""
    assumed = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in given.items()
        if name not in ABOUT_THE_ANSWER
    }
    if "event_time" in given:
        hazards = [
            -log1p(-assumed.pop(f"event_share_{arm}")) / given["event_time"]
            for arm in ("reference", "experimental")
        ]
        assumed |= {"hazards_reference": (hazards[0],), "hazard_ratio": hazards[1] / hazards[0]}
    if "losses" in given:
        assumed["loss_hazards"] = tuple(
            -log1p(-each) / given["loss_time"] for each in given["losses"]
        )
    return LogRank(**assumed)


def answers(given: Mapping[str, Any]) -> Answers:
    asked = situation(given)
    events = given.get("of_events") or asked.solve_n(given["target"]).n_unrounded
    assert events is not None
    people = asked.participants_of((events,))
    assert people is not None
    return {
        "hazard_ratio": asked.hazard_ratio,
        "events": events,
        "events_whole": ceil(events),
        "participants": sum(people),
        "participants_in_pairs": 2 * ceil(sum(people) / 2),
    }


@pytest.mark.parametrize("table", tables_about("times to an event"), ids=str)
def test_times_to_an_event(table):
    table.holds(answers)

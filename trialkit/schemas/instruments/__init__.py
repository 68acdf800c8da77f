"""Instruments of exercise and low-back-pain trials: forms, scorers and what is known of them."""

from trialkit.schemas.instruments.disability import odi, psfs
from trialkit.schemas.instruments.form_file import form_text, outcome_text
from trialkit.schemas.instruments.instrument import (
    AskedVisits,
    Instrument,
    Score,
    ScoreDirection,
    Threshold,
    ThresholdKind,
)
from trialkit.schemas.instruments.performance import (
    hamstring_strength,
    sit_and_reach,
    togu_balance,
    trunk_strength,
    y_balance,
)
from trialkit.schemas.instruments.registry import INSTRUMENTS, instrument
from trialkit.schemas.instruments.scoring import Scored, score
from trialkit.schemas.instruments.trials_of_a_test import Counted
from trialkit.schemas.instruments.value_sets import ValueSet, index_values, read_value_set

__all__ = [
    "INSTRUMENTS",
    "AskedVisits",
    "Counted",
    "Instrument",
    "Score",
    "ScoreDirection",
    "Scored",
    "Threshold",
    "ThresholdKind",
    "ValueSet",
    "form_text",
    "hamstring_strength",
    "index_values",
    "instrument",
    "odi",
    "outcome_text",
    "psfs",
    "read_value_set",
    "score",
    "sit_and_reach",
    "togu_balance",
    "trunk_strength",
    "y_balance",
]

"""The small working trial that ``trialkit new DIR`` writes."""

from trialkit.newtrial.writing import write_new_trial

__all__ = ["write_new_trial"]

"""Whether what an analysis needs is known of anybody; and its complaints in the trial's own words.

All unknown is not "there is none": an analysis whose covariate, stratum, block or baseline nobody
recorded is not carried out as if the plan had not asked for it. What lacks is named as the protocol
names it, never as a column of a frame.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from trialkit.errors import AnalysisError
from trialkit.planned.task.task import Task


def refuse_unknown(task: Task) -> None:
    """Raise :class:`AnalysisError` where nobody of an arm has all that the analysis needs.

    An analysis within the arms needs one arm that has it.
    """
    members = task.population.members
    lacking = [*_pairs(task.included.lacking, "what"), *_without_response(task)]
    incomplete = {who for who, _ in lacking}
    complete = {arm for who, arm in _pairs(members, "arm") if who not in incomplete}
    empty = [arm for arm in task.arms if arm not in complete]
    if not empty or (len(empty) < len(task.arms) and not task.analysis.specification.COMPARES_ARMS):
        return
    everybody = len(members)
    counts = Counter(what for _, what in dict.fromkeys(lacking))
    of_nobody = [what for what, count in counts.items() if count == everybody]
    if of_nobody:
        raise AnalysisError(
            f"no value of {_and(of_nobody)} is known for any of the {everybody} participants of the "
            "population"
        )
    raise AnalysisError(
        "; ".join(
            f"nobody in {task.protocol.arm(arm).label} has what the analysis of "
            f"{_place(task)} needs{_reasons(arm, lacking, task)}"
            for arm in empty
        )
    )


def in_trial_words(message: str, task: Task) -> str:
    """A complaint of an estimator, with its columns and codes in the words of the protocol."""
    words = _words(task)
    pattern = rf"(?:\b[a-z_]+=)?'({'|'.join(map(re.escape, words))})'"
    said = re.sub(pattern, lambda found: words[found[1]], message)
    return _TERM.sub(lambda found: _term(found[1], found[2], words), _AT_VISIT.sub(" at ", said))


_AT_VISIT = re.compile(r":(?=visit\[)")
_TERM = re.compile(r"\b([\w.]+)\[([^\[\]]*)\]")
"""A column of a model's design, such as ``arm[A]`` and ``demographics.sex[Female]``."""


def _term(name: str, level: str, words: Mapping[str, str]) -> str:
    """The level of an arm or visit by its label; of a covariate with what it is a level of."""
    label = words.get(level, level)
    return label if name in {"arm", "visit"} else f"{words.get(name, name)} {label}"


def _words(task: Task) -> dict[str, str]:
    """What each column of the frames of an analysis holds, and what codes stand for."""
    protocol = task.protocol
    compared = task.outcome.label if task.analysis.specification.reads.IS_REPEATED else _place(task)
    return {
        **{f"@{each.code}": each.label for each in protocol.factors},
        **{arm.code: arm.label for arm in protocol.arms},
        **{visit.code: visit.label for visit in protocol.visits},
        **{each.name: each.in_words for each in protocol.characteristics},
        "value": compared,
        "final": compared,
        "change": f"the change in {compared}",
        "baseline": f"{task.outcome.label} at {protocol.baseline.label}",
        "block": "the block of the randomisation",
        "stratum": "the stratum of the randomisation",
        "cluster": protocol.clusters.label if protocol.clusters else "cluster",
        "group": "arm",
    }


def _place(task: Task) -> str:
    return f"{task.outcome.label} at {task.protocol.visit(task.outcome.time_point).label}"


def _pairs(rows: pd.DataFrame, name: str) -> Iterable[tuple[str, str]]:
    """Each row's subject with what stands in another column."""
    return zip(rows["subject_id"].tolist(), rows[name].tolist(), strict=True)


def _without_response(task: Task) -> Iterator[tuple[str, str]]:
    """The participants that are in, and the value that is compared and that they have not."""
    rows = task.included.measurements
    at_end = (rows["visit"] == task.outcome.time_point).to_numpy()
    asked = {"value": task.outcome.time_point}
    if task.analysis.specification.uses_baseline(task.protocol.measured(task.outcome)):
        asked["baseline"] = task.protocol.baseline.code
    for column, visit in asked.items():
        what = f"{task.outcome.label} at {task.protocol.visit(visit).label}"
        empty = at_end & np.isnan(rows[column].to_numpy())
        for who in np.asarray(rows["subject_id"], dtype=object)[empty]:
            yield who, what


def _reasons(arm: str, lacking: Sequence[tuple[str, str]], task: Task) -> str:
    """Why nobody of an arm can be analysed: each reason once with its number, in brackets."""
    excluded = task.included.excluded
    texts = excluded.loc[excluded["arm"] == arm, "reason"].astype("str").tolist()
    members = task.population.members
    own = members.loc[members["arm"] == arm, "subject_id"]
    still_in = {*own[~own.isin(excluded["subject_id"])]}
    first: dict[str, str] = {}
    for who, what in lacking:
        if who in still_in:
            first.setdefault(who, what)
    texts += [f"no value of {what}" for what in first.values()]
    counted = (f"{text}: {texts.count(text)}" for text in dict.fromkeys(texts))
    return f" ({'; '.join(counted)})" if texts else ""


def _and(parts: list[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)

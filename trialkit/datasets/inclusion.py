"""Which participants an analysis can use, and why not the others; the flow diagram counts the same."""

from dataclasses import dataclass

import pandas as pd

from trialkit.datasets.model import Population
from trialkit.errors import DatasetError
from trialkit.protocol.methods.plan import Analysis
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol

OUTSIDE = "not in the population: "
"""How the reason begins of who is left out by the population and not by the analysis."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Included:
    """The measurements that an analysis of one outcome uses."""

    measurements: pd.DataFrame
    """Rows of the participants who are in, ``arm`` as their population groups them."""
    excluded: pd.DataFrame
    """``subject_id``, ``arm``, ``reason`` of the participants who are not."""
    lacking: pd.DataFrame
    """``subject_id``, ``what``: everything that members of the population lack, each for itself."""

    @property
    def left_out(self) -> pd.DataFrame:
        """Those whom the population holds, and the analysis cannot use."""
        return self.excluded[~self.excluded["reason"].str.startswith(OUTSIDE)]


def include(
    analysis: Analysis,
    outcome: Outcome,
    population: Population,
    *,
    measurements: pd.DataFrame,
    characteristics: pd.DataFrame,
    protocol: Protocol,
) -> Included:
    """The participants of a population who have every value that the analysis needs.

    ``measurements`` and ``characteristics`` are those of the Datasets.
    """
    own = measurements[measurements["outcome"] == outcome.code]
    planned = frozenset(map(str, own["visit"].unique()))
    measured = protocol.measured(outcome, planned)
    needed = analysis.specification.needed_visits(measured) if planned else ()
    _refuse_unplanned([visit for visit in needed if visit not in planned], analysis, outcome)
    rows = _of_members(own, population.members)
    missing = rows[rows["visit"].isin(needed) & rows["value"].isna()].sort_values(
        ["subject_id", "visit"], kind="stable"
    )
    labels = {visit.code: visit.label for visit in protocol.visits}
    place = missing["visit"].astype("str").map(labels)
    without_value = missing[["subject_id", "arm"]].assign(
        reason="no value at " + place + " (" + missing["missing_reason"].astype("str") + ")",
        what=outcome.label + " at " + place,
    )
    incomplete = [without_value]
    if one_of := analysis.specification.one_of_visits(measured):
        after = f"{outcome.label} after {labels[protocol.baseline.code]}"
        incomplete.append(_without_any_value(rows, one_of).assign(what=after))
    if wanted := analysis.specification.baseline_items(outcome.kind):
        incomplete.append(_without_covariate(wanted, population, characteristics, protocol))
    left_out = pd.concat(incomplete, ignore_index=True)
    outside = population.excluded.assign(
        reason=OUTSIDE + population.excluded["reason"].astype("str")
    )
    first = left_out.drop_duplicates("subject_id").drop(columns="what")
    excluded = pd.concat([outside, first], ignore_index=True)
    kept = rows[~rows["subject_id"].isin(left_out["subject_id"])]
    return Included(
        measurements=kept.reset_index(drop=True),
        excluded=excluded,
        lacking=left_out[["subject_id", "what"]].reset_index(drop=True),
    )


def _of_members(rows: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """The rows of members, in the arm as the population groups them; each is a member once."""
    place = pd.Index(members["subject_id"]).get_indexer(rows["subject_id"])
    others = [name for name in rows.columns if name != "arm"]
    kept = rows.loc[place >= 0, others].reset_index(drop=True)
    result: pd.DataFrame = kept.assign(arm=members["arm"].array.take(place[place >= 0]))
    return result


def _refuse_unplanned(visits: list[str], analysis: Analysis, outcome: Outcome) -> None:
    """Raise :class:`DatasetError` for visits that are needed and at which nobody asks."""
    if visits:
        raise DatasetError(
            f"{analysis.specification.method.value} needs values of {outcome.code!r} at "
            f"{', '.join(visits)}, but its form {outcome.form!r} is not filled in there; add the "
            "visit to the form, or choose an analysis that does not read it"
        )


def _without_any_value(rows: pd.DataFrame, one_of: tuple[str, ...]) -> pd.DataFrame:
    """The participants without a value at any of these visits, with the first reason."""
    after = rows[rows["visit"].isin(one_of)]
    observed = after.loc[after["value"].notna(), "subject_id"]
    nothing = after[~after["subject_id"].isin(observed)].drop_duplicates("subject_id")
    return nothing[["subject_id", "arm"]].assign(
        reason="no value after baseline (" + nothing["missing_reason"].astype("str") + ")"
    )


def _without_covariate(
    wanted: tuple[str, ...],
    population: Population,
    characteristics: pd.DataFrame,
    protocol: Protocol,
) -> pd.DataFrame:
    """Members of the population who lack a covariate, with the reason."""
    named = characteristics[characteristics["characteristic"].isin(wanted)]
    unknown = named[named["value"].isna() & named["category"].isna()]
    name = unknown["characteristic"].astype("str")
    title = name.map({each.name: each.title for each in protocol.characteristics})
    named_as = {each.name: each.in_words for each in protocol.characteristics}
    return population.members.merge(
        unknown[["subject_id"]].assign(
            reason="no value of the covariate " + title, what=name.map(named_as)
        ),
        on="subject_id",
        how="inner",
    )

"""Where a value was entered: form, item, file and line, with the text as it stands there."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trialkit.datasets.exposures import exposure_item
from trialkit.datasets.picked_rows import is_picked
from trialkit.datasets.sources import Sources
from trialkit.protocol.trial.at_risk import RANDOMISATION, TimeAtRisk
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.schemas.forms.forms import Form, Item, Purpose
from trialkit.schemas.forms.identifying import identifying, masked

COLUMNS = ("subject_id", "visit", "repeat", "form", "item", "file", "line", "entered", "code")
_ENDS = (Purpose.COMPLETED, Purpose.END_DATE, Purpose.END_REASON)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EnteredCells:
    """Looks cells up in the data of a trial, by whose they are."""

    sources: Sources

    def of_outcome(
        self, outcome: Outcome, subjects: Collection[str], visits: Collection[str]
    ) -> pd.DataFrame:
        """The rows that an outcome, and its exposure, is read from at these visits; columns as in ``COLUMNS``.

        Of a time at risk these are, of any visit, the days that may begin or end it, too.
        """
        visits = () if outcome.kind.is_of_time else visits
        form = self.sources.schemas.form(outcome.form)
        picked = is_picked(outcome.where, self.sources.snapshot[form.id].values)
        rows = picked.fillna(value=False).to_numpy(dtype=bool)
        own = self.of_items(form, [form.item(outcome.item)], subjects, visits=visits, rows=rows)
        if outcome.risk is not None:
            return pd.concat([own, *self._of_time(outcome.risk, subjects)], ignore_index=True)
        source = exposure_item(outcome)
        if source is None:
            return own
        at_risk = self.sources.schemas.form(source[0])
        items = [at_risk.item(source[1])]
        same = rows if at_risk.id == form.id else None
        exposed = self.of_items(at_risk, items, subjects, visits=visits, rows=same)
        return pd.concat([own, exposed], ignore_index=True)

    def _of_time(self, risk: TimeAtRisk, subjects: Collection[str]) -> Iterator[pd.DataFrame]:
        """The cells of the origin, of the end of the study and of every day that the time is made of."""
        begun = (Purpose.RANDOMISATION_DATE,) if risk.origin == RANDOMISATION else ()
        for purpose in (*begun, *_ENDS):
            found = self.sources.item_asking(purpose)
            if found is not None:
                yield self.of_items(found[0], [found[1]], subjects)
        for _, asked in risk.dates:
            form = self.sources.schemas.form(asked.form)
            picked = is_picked(asked.where, self.sources.snapshot[form.id].values)
            rows = picked.fillna(value=False).to_numpy(dtype=bool)
            yield self.of_items(form, [form.item(asked.item)], subjects, rows=rows)

    def of_items(
        self,
        form: Form,
        items: Iterable[Item],
        subjects: Collection[str],
        *,
        visits: Collection[str] = (),
        rows: np.ndarray | None = None,
    ) -> pd.DataFrame:
        """The cells of items in the form's rows of these subjects, in the order of the file.

        ``visits`` restrict a form that is tied to visits, ``rows`` (one truth a row) any. A row that
        only a mark of what was not done stands for has no line, and is no cell. Answers that name a
        person are masked.
        """
        data = self.sources.snapshot[form.id]
        keys = data.values
        wanted = keys["subject_id"].isin(list(subjects)) & (data.line > 0)
        if form.visits and visits:
            wanted &= keys["visit"].isin(list(visits))
        if rows is not None:
            wanted &= rows
        at = wanted.to_numpy().nonzero()[0]
        taken = data.take(at)
        named = identifying(form)
        each = [
            pd.DataFrame(
                {
                    "subject_id": taken.values["subject_id"].astype("str"),
                    "visit": taken.values["visit"].astype("str") if form.visits else "",
                    "repeat": (
                        taken.values["repeat"].astype("str") if "repeat" in form.key else ""
                    ),
                    "form": form.id,
                    "item": item.id,
                    "file": data.file,
                    "line": taken.line,
                    "entered": _shown(taken.raw[item.id], item.id in named),
                    "code": taken.codes[item.id].fillna(""),
                }
            )
            for item in items
        ]
        return pd.concat(each, ignore_index=True)[list(COLUMNS)] if each else no_cells()


def _shown(texts: pd.Series, is_named: bool) -> pd.Series:  # noqa: FBT001
    return texts.map(masked) if is_named else texts


def no_cells() -> pd.DataFrame:
    """A listing without a row."""
    return pd.DataFrame({name: pd.Series([], dtype="str") for name in COLUMNS})

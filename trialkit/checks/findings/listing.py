"""What the checks found becomes the listing of findings."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd
import polars as pl

from trialkit.checks.findings.findings import COLUMNS, key_of
from trialkit.checks.judging.hits import Hits, as_text
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.forms import Purpose, Schemas
from trialkit.store.snapshot import Snapshot, as_pandas, each_text_once

_KEY = ("subject_id", "visit", "repeat", "form", "item", "rule_id")


def findings_frame(
    hits: Sequence[Hits],
    snapshot: Snapshot,
    schemas: Schemas,
    protocol: Protocol,
    *,
    subjects: pd.Series,
) -> pd.DataFrame:
    """Every finding, in the order of forms, rows and items; absent rows come after a form's rows."""
    found = [each for each in hits if len(each.rows)]
    if not found:
        return pd.DataFrame({name: pd.Series(dtype="str") for name in COLUMNS})
    places = pd.concat([each.places for each in found], ignore_index=True)
    check = np.repeat(np.arange(len(found)), [len(each.rows) for each in found])
    checks = pd.DataFrame([_about(each, schemas) for each in found])
    together = places.join(checks.take(check).reset_index(drop=True))
    order = np.lexsort([check, *reversed(_order(together, subjects, protocol))])
    together = together.take(order).reset_index(drop=True)
    together = together.assign(
        site=sites_of(together["subject_id"], snapshot, schemas, protocol),
        query_key=query_keys(together),
        cause="",
    )
    return _each_text_once(together[list(COLUMNS)].astype("str"))


def _each_text_once(frame: pd.DataFrame) -> pd.DataFrame:
    """The same frame in which texts that are equal are one object, wherever they stand."""
    known: dict[str | None, str | None] = {}
    columns = {
        name: pd.Series(each_text_once(frame[name].tolist(), known), dtype="str") for name in frame
    }
    return pd.DataFrame(columns, index=frame.index)


def _about(hits: Hits, schemas: Schemas) -> dict[str, str | int]:
    """What is the same in all findings of a check, and where it stands in the order of them."""
    ids = [item.id for item in hits.form.items]
    return {
        "form": hits.form.id,
        "item": hits.item,
        "label": hits.label,
        "rule_id": hits.rule_id,
        "severity": hits.severity.value,
        "form_number": next(
            (number for number, form in enumerate(schemas.forms) if form.id == hits.form.id),
            len(schemas.forms),  # what was marked as not done comes last
        ),
        "item_number": ids.index(hits.item) if hits.item in ids else -1,
    }


def _order(places: pd.DataFrame, subjects: pd.Series, protocol: Protocol) -> list[pd.Series]:
    """What the places are sorted by, the first first: form, row, subject, visit and item."""
    absent = places["row"] < 0
    nobody = places["subject_id"].where(absent, "")  # whoever has a row stands where the row does
    visits = {code: number for number, code in enumerate(protocol.visit_codes)}
    return [
        places["form_number"],
        absent,
        places["row"],
        _positions(nobody, subjects),
        places["visit"].map(visits).fillna(-1),
        places["item_number"],
    ]


def _positions(names: pd.Series, subjects: pd.Series) -> pd.Series:
    """Where each subject stands among all; whoever is unknown comes last."""
    named = subjects[subjects.isin(names.unique())] if (names != "").any() else subjects.head(0)
    known = pd.Series(named.index, index=named.to_numpy(), dtype="int64")
    return names.map(known).fillna(len(subjects))


def sites_of(
    subject: pd.Series, snapshot: Snapshot, schemas: Schemas, protocol: Protocol
) -> pd.Series:
    """The site of each subject, from the form that records it, or the only one there is.

    Rows of a subject that contradict each other name none.
    """
    for form in schemas.forms:
        item = form.item_for(Purpose.SITE)
        if item is not None and form.key == ("subject_id",):
            found = pl.Series(subject.unique().tolist(), dtype=pl.String)
            rows = snapshot[form.id].typed.select("subject_id", item.id)
            said = rows.filter(pl.col("subject_id").is_in(found.implode())).drop_nulls().unique()
            of_one = said.filter(pl.col("subject_id").is_unique())
            sites = pd.Series(
                as_text(as_pandas(of_one[item.id])).to_numpy(),
                index=of_one["subject_id"].to_list(),
            )
            return subject.map(sites).astype("object").fillna("").astype("str")
    only = protocol.sites[0].code if len(protocol.sites) == 1 else ""
    return pd.Series(only, index=subject.index, dtype="str")


def query_keys(places: pd.DataFrame) -> list[str]:
    """The name of each problem, from its place and rule.

    Where several rows have the same problem at the same place (two rows without a subject), the
    second and later ones are counted into their keys, so that no two findings share one.
    """
    times: Counter[str] = Counter()
    keys = []
    for where in map("\x1f".join, zip(*(places[name].tolist() for name in _KEY), strict=True)):
        again = times[where]
        times[where] += 1
        keys.append(key_of(f"{where}#{again}" if again else where))
    return keys

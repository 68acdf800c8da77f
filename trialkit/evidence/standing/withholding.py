"""Tables and events as somebody may see them: other sites' rows are left out, arms are withheld.

A withheld cell is blank and its column stays, whatever the arm: nothing that is written, nor its
length, depends on what is withheld. A server leaves the same out by itself.
"""

from collections.abc import Iterable, Iterator, Mapping

import polars as pl

from trialkit.evidence.log.events import TEXTS
from trialkit.evidence.log.rights import Right
from trialkit.evidence.people.sight import WITHHELD, Sight
from trialkit.evidence.standing.query_events import QUERY_ACTIONS

_NAMES_PARTICIPANTS = '"subjects":["'
"""In the details of the lock of a site."""
_MARK = r'"asked":"(?:[^"\\]|\\.)*"'
"""In the details of a query: a digest without a salt of what a finding rests on."""
_SEALED_TEXTS = tuple(f"{text}_salt" for text in TEXTS)


def seen_tables(tables: Mapping[str, pl.DataFrame], sight: Sight) -> dict[str, pl.DataFrame]:
    """The forms that are seen, with their rows that are."""
    if sight.person is None:
        return dict(tables)
    seen = {form: _seen_table(form, table, sight) for form, table in tables.items()}
    return {form: table for form, table in seen.items() if sight.sees(form)}


def seen_events(batches: Iterable[pl.DataFrame], sight: Sight) -> Iterator[pl.DataFrame]:
    """The events of what is seen; in the place of a text that tells an arm stands :data:`WITHHELD`.

    Its salt is kept back, without which its digest says nothing, of a text of two letters neither.
    """
    for batch in batches:
        yield batch if sight.person is None else _seen_batch(batch, sight)


def _seen_table(form: str, table: pl.DataFrame, sight: Sight) -> pl.DataFrame:
    subjects = table["subject_id"].unique().to_list() if "subject_id" in table.columns else []
    seen = [subject for subject in subjects if sight.sees(form, subject)]
    blinded = [subject for subject in seen if sight.hides_some(form, subject)]
    items = [name for name in table.columns if name in sight.withheld.get(form, ())]
    rows = table.filter(pl.col("subject_id").is_in(seen)) if subjects else table
    return rows.with_columns(
        pl.when(pl.col("subject_id").is_in(blinded)).then(pl.lit("")).otherwise(name).alias(name)
        for name in items
    )


def judged(batch: pl.DataFrame, sight: Sight) -> pl.DataFrame:
    """Events or cells with ``is_seen``, and ``is_hidden`` where their texts are withheld."""
    places = batch.select("form", "item", "subject_id").unique(maintain_order=True)
    hidden = [sight.hides(*place) for place in places.iter_rows()]
    seen = [
        sight.sees(form, subject) if form or subject else True
        for form, _, subject in places.iter_rows()
    ]
    known = places.with_columns(
        pl.Series("is_hidden", hidden, dtype=pl.Boolean),
        pl.Series("is_seen", seen, dtype=pl.Boolean),
    )
    return batch.join(known, on=list(places.columns), how="left", maintain_order="left")


def _seen_batch(batch: pl.DataFrame, sight: Sight) -> pl.DataFrame:
    known = judged(batch, sight)
    is_of_query = pl.col("action").is_in(QUERY_ACTIONS)
    names_arm = pl.col("new").str.contains_any(list(sight.names_withheld)).fill_null(value=False)
    is_told = is_of_query & names_arm if not sight.sees_all_arms else pl.lit(value=False)
    known = known.with_columns(pl.col("is_hidden") | is_told)
    is_hidden = pl.col("is_hidden")
    names_others = (pl.col("subject_id") == "") & pl.col("details").str.contains(
        _NAMES_PARTICIPANTS, literal=True
    )
    sees_all_sites = sight.person is None or sight.person.may(Right.READ)
    return (
        known.filter(pl.col("is_seen") & (pl.lit(sees_all_sites) | ~names_others))
        .with_columns(
            *(
                pl.when(is_hidden & (pl.col(f"{text}_sha256") != ""))
                .then(pl.lit(WITHHELD))
                .otherwise(text)
                .alias(text)
                for text in TEXTS
            ),
            pl.when(is_hidden & is_of_query)
            .then(pl.lit(""))
            .when(is_of_query & pl.lit(not sight.sees_all_arms))
            .then(pl.col("details").str.replace(_MARK, f'"asked":"{WITHHELD}"'))
            .otherwise("details")
            .alias("details"),
            *(pl.when(is_hidden).then(None).otherwise(name).alias(name) for name in _SEALED_TEXTS),
        )
        .drop("is_hidden", "is_seen")
    )

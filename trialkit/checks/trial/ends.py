"""How somebody's study ended beside what there is of them: data after a death, and completed or not."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import polars as pl

from trialkit.checks.judging.cells import CheckedCells
from trialkit.checks.judging.hits import Hits, hits_at_rows
from trialkit.checks.judging.wording import shown
from trialkit.checks.trial.right_values import ROW, right_values
from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.forms.forms import Expected, Form, FormKind, Item, Purpose, Schemas, Severity
from trialkit.schemas.items.answers import ItemChoice
from trialkit.schemas.items.kind import Nature

_WORDS_COUNT = (FormKind.ADVERSE_EVENTS, FormKind.SERIOUS_EVENTS, FormKind.END_OF_STUDY)
_DEATH = frozenset({"fatal", "death", "died", "dead", "deceased"})
_DENIED = frozenset({"non", "not", "no", "without", "risk", "near"})
_OF_OTHERS = frozenset(
    {"family", "relative", "partner", "spouse", "wife", "husband", "parent", "father", "mother"}
)
_NAMED = 3


def check_ends(
    schemas: Schemas, *, people: pd.DataFrame, cells: Mapping[str, CheckedCells]
) -> tuple[Hits, ...]:
    """Visits and sessions after a death, and a study not completed of which all is there."""
    later = _days(schemas, cells)
    hits: list[Hits] = []
    for form in schemas.forms:
        for item in form.items:
            fatal = codes_of_death(item, form)
            if fatal:
                hits += _after_death(form, item, fatal, cells[form.id], people=people, later=later)
        item_completed = form.item_for(Purpose.COMPLETED)
        if item_completed is not None and form.key == ("subject_id",):
            hits += _all_there(form, item_completed, schemas, people, cells)
    return tuple(hits)


def codes_of_death(item: Item, form: Form) -> list[str]:
    """The choices of an item that say that the participant died: as the form states, or by their words.

    Words are read where no choice of the item states it, and of events and ends alone.
    """
    if any(choice.death is not None for choice in item.choices):
        return [choice.code for choice in item.choices if choice.death]
    by_words = form.kind in _WORDS_COUNT
    return [choice.code for choice in item.choices if by_words and says_death(choice)]


def says_death(choice: ItemChoice) -> bool:
    """Whether a choice says that the participant died, by its own words.

    "Non-fatal", "no risk of death" and "death in the family" do not.
    """
    said = [_words(choice.code), _words(choice.label)]
    if any(not _OF_OTHERS.isdisjoint(words) for words in said):
        return False
    labelled = any(word in _DEATH for word in said[1])
    return any(
        word in _DEATH and _DENIED.isdisjoint(words[max(0, at - 2) : at])
        for words in (said[1:] if labelled else said)
        for at, word in enumerate(words)
    )


def _words(text: str) -> list[str]:
    return "".join(each if each.isalpha() else " " for each in text).casefold().split()


def _days(schemas: Schemas, cells: Mapping[str, CheckedCells]) -> pl.DataFrame:
    """The dates of visits and sessions that were held: subject, day and where."""
    found = []
    for form in schemas.forms:
        for purpose in (Purpose.VISIT_DATE, Purpose.SESSION_DATE):
            item = form.item_for(purpose)
            if item is None or item.kind.nature is not Nature.DAY:
                continue
            came = form.item_for(Purpose.ATTENDED)
            table = right_values(cells[form.id], [item, *([came] if came else [])])
            held = table.filter(pl.col(came.id).fill_null(value=False)) if came else table
            place = pl.col("visit") if form.visits else pl.lit("")
            number = pl.col("repeat").cast(pl.String) if form.repeating else pl.lit("")
            where = pl.concat_str(
                pl.lit(form.title), pl.lit(" "), place, number, ignore_nulls=True
            ).str.strip_chars()
            found.append(held.select("subject_id", day=pl.col(item.id).cast(pl.Date), where=where))
    return pl.concat(found).drop_nulls("day") if found else pl.DataFrame()


def _after_death(
    form: Form,
    item: Item,
    fatal: list[str],
    cells: CheckedCells,
    *,
    people: pd.DataFrame,
    later: pl.DataFrame,
) -> tuple[Hits, ...]:
    """What was done after the last day of somebody who died, or after the event that was fatal.

    That somebody was seen between an event and the death by it is possible, so that it asks only.
    """
    start = form.item_for(Purpose.EVENT_START)
    start = start if start is not None and start.kind.nature is Nature.DAY else None
    table = right_values(cells, [item, *([start] if start else [])])
    began = pl.col(start.id).cast(pl.Date) if start else pl.lit(None, dtype=pl.Date)
    chosen = pl.col(item.id).str.split(" ") if item.kind.nature is Nature.CODES else None
    says = (
        pl.col(item.id).is_in(fatal)
        if chosen is None
        else chosen.list.set_intersection(fatal).list.len() > 0
    )
    died = table.filter(says).select("subject_id", ROW, began=began)
    if died.is_empty() or later.is_empty():
        return ()
    ends = pl.DataFrame(
        {
            "subject_id": people["subject_id"].tolist(),
            "end": people["end_date"].dt.date.where(people["end_date"].notna(), None).tolist(),
        },
        schema={"subject_id": pl.String, "end": pl.Date},
    )
    known = died.join(ends, on="subject_id", how="left").select(
        "subject_id", ROW, "end", day=pl.coalesce("end", "began")
    )
    after = (
        known.drop_nulls("day")
        .join(later, on="subject_id", suffix="_later")
        .filter(pl.col("day_later") > pl.col("day"))
        .sort(ROW, "day_later")
        .group_by(ROW, maintain_order=True)
        .agg(
            pl.col("day", "end").first(),
            pl.len().alias("n"),
            pl.format("{} on {}", "where", "day_later").head(_NAMED).str.join(", ").alias("named"),
        )
    )
    hits: list[Hits] = []
    for is_end, severity in ((True, Severity.HARD), (False, Severity.SOFT)):
        these = after.filter(pl.col("end").is_not_null() == is_end)
        said = these.select(
            pl.format(
                "', but there are data after {}: {}{}. Correct the answer, or the date that is wrong"
                + ("." if is_end else ", or confirm it."),
                "day",
                "named",
                pl.when(pl.col("n") > _NAMED)
                .then(pl.format(" and {} more", pl.col("n").cast(pl.Int64) - _NAMED))
                .otherwise(pl.lit("")),
            )
        ).to_series()
        words = pd.Series(said.to_list(), dtype="str")
        hits += hits_at_rows(
            form,
            cells.data,
            these[ROW].to_numpy().astype(np.intp),
            lambda entered, words=words: f"{item.label}: '" + shown(entered) + words,  # type: ignore[misc]
            item=item.id,
            rule_id=BuiltIn.AFTER_DEATH.value,
            severity=severity,
        )
    return tuple(hits)


def _all_there(
    form: Form,
    item: Item,
    schemas: Schemas,
    people: pd.DataFrame,
    cells: Mapping[str, CheckedCells],
) -> tuple[Hits, ...]:
    """Who did not complete the study, and has an answered form of each kind at each visit."""
    expected = [
        each
        for each in schemas.forms
        if each.visits and each.expected is not Expected.AS_NEEDED and not each.repeating
    ]
    if not expected:
        return ()
    arms = people.set_index("subject_id")["arm"]
    table = right_values(cells[form.id], [item]).filter(~pl.col(item.id).cast(pl.Boolean))
    subject = pd.Series(table["subject_id"].to_list(), dtype="str")
    arm = arms.reindex(subject).reset_index(drop=True)
    every = np.ones(len(subject), dtype=bool)
    for each in expected:
        answers = [one for one in each.asked if one.purpose is not Purpose.VISIT_DATE]
        rows = right_values(cells[each.id], answers)
        answered = rows.filter(pl.any_horizontal(pl.col(one.id).is_not_null() for one in answers))
        count = answered.group_by("subject_id").agg(pl.col("visit").n_unique())
        full = count.filter(pl.col("visit") == len(each.visits))["subject_id"].to_list()
        of_others = (~arm.isin(each.arms)).to_numpy() if each.arms else False
        every &= subject.isin(full).to_numpy() | of_others
    return hits_at_rows(
        form,
        cells[form.id].data,
        table[ROW].to_numpy()[every].astype(np.intp),
        lambda entered: (
            f"{item.label}: '"
            + shown(entered)
            + "', but every form of every visit is there. Correct it, or confirm it."
        ),
        item=item.id,
        rule_id=BuiltIn.ALL_FORMS_THERE.value,
        severity=Severity.SOFT,
    )

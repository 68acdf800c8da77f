"""Who was randomised, and should not have been; who was not, and has the data of one who was."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from trialkit.checks.judging.cells import CheckedCells
from trialkit.checks.judging.hits import Hits, hits_at_rows, hits_without_row
from trialkit.checks.judging.shape import FormShape
from trialkit.checks.judging.wording import shown
from trialkit.grammar import by_number
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.forms.forms import Expected, Form, FormKind, Item, Purpose, Schemas, Severity

_COUNTED_BY_ARM = (FormKind.SESSIONS, FormKind.ADVERSE_EVENTS, FormKind.CONCOMITANT_CARE)


def check_allocation(
    schemas: Schemas,
    protocol: Protocol,
    *,
    people: pd.DataFrame,
    shapes: Mapping[str, FormShape],
    cells: Mapping[str, CheckedCells],
) -> tuple[Hits, ...]:
    """Arms and sites of the protocol, only eligible people randomised, and nobody past it."""
    hits: list[Hits] = []
    for form in schemas.forms:
        hits += _codes_of_the_protocol(form, cells[form.id], protocol)
        hits += _not_eligible(form, cells[form.id], people)
    randomisation = schemas.of_kind(FormKind.RANDOMISATION)
    if randomisation is not None:
        later = [visit.code for visit in protocol.visits if visit.is_after_randomisation]
        hits += _not_randomised(
            randomisation, schemas, later=later, people=people, shapes=shapes, cells=cells
        )
        hits += _uncounted(schemas, people=people, found=tuple(hits), cells=cells)
    return tuple(hits)


def _codes_of_the_protocol(form: Form, cells: CheckedCells, protocol: Protocol) -> list[Hits]:
    """Arms and sites entered as text, which no choices guard."""
    arms = tuple(arm.code for arm in protocol.arms)
    known = {
        Purpose.ARM: (BuiltIn.UNKNOWN_ARM, arms),
        Purpose.ARM_RECEIVED: (BuiltIn.UNKNOWN_ARM, arms),
        Purpose.SITE: (BuiltIn.UNKNOWN_SITE, tuple(site.code for site in protocol.sites)),
    }
    hits: list[Hits] = []
    for item in form.items:
        if item.purpose in known and item.kind.takes_any_text:
            rule, codes = known[item.purpose]
            hits += _unknown_code(form, cells, item, rule=rule, codes=codes) if codes else ()
    return hits


def _unknown_code(
    form: Form, cells: CheckedCells, item: Item, *, rule: BuiltIn, codes: tuple[str, ...]
) -> tuple[Hits, ...]:
    values = cells.data.values[item.id].iloc[cells.rows]
    rows = cells.rows[(values.notna() & ~values.isin(codes)).to_numpy()]
    listed = ", ".join(codes)
    return hits_at_rows(
        form,
        cells.data,
        rows,
        lambda entered: (
            f"{item.label}: '"
            + shown(entered)
            + f"' is not in the protocol, which has {listed}; correct it."
        ),
        item=item.id,
        rule_id=rule.value,
        severity=Severity.HARD,
    )


def _not_eligible(form: Form, cells: CheckedCells, people: pd.DataFrame) -> tuple[Hits, ...]:
    """People who were randomised although the form says no, or gives a code for not knowing."""
    item = form.item_for(Purpose.ELIGIBLE)
    if item is None:
        return ()
    randomised = people.loc[people["randomised"], "subject_id"]
    subject = cells.data.values["subject_id"].iloc[cells.rows]
    eligible = cells.data.values[item.id].iloc[cells.rows]
    coded = cells.data.codes[item.id].iloc[cells.rows].notna()
    refused = ~eligible.fillna(value=True).astype("bool") | coded
    rows = cells.rows[(refused & subject.isin(randomised)).to_numpy()]
    return hits_at_rows(
        form,
        cells.data,
        rows,
        lambda entered: (
            f"{item.label}: '"
            + shown(entered)
            + "', but the participant was randomised. Correct it, or report the randomisation."
        ),
        item=item.id,
        rule_id=BuiltIn.NOT_ELIGIBLE.value,
        severity=Severity.HARD,
    )


def _not_randomised(
    randomisation: Form,
    schemas: Schemas,
    *,
    later: Sequence[str],
    people: pd.DataFrame,
    shapes: Mapping[str, FormShape],
    cells: Mapping[str, CheckedCells],
) -> tuple[Hits, ...]:
    """Subjects with forms that only the randomised have, but without a randomisation.

    Forms before day 0 are no sign of it, and rows of the randomisation form whose subject is blank
    or unknown may be the missing ones.
    """
    others = people.loc[~people["randomised"], "subject_id"]
    found = []
    for form in schemas.forms:
        if form.expected is Expected.RANDOMISED and form is not randomisation:
            rows = cells[form.id].data.values.iloc[cells[form.id].rows]
            rows = rows[rows["visit"].isin(later)] if form.visits else rows
            subject = rows.loc[rows["subject_id"].isin(others), ["subject_id"]]
            found.append(subject.drop_duplicates().assign(form=form.title))
    together = pd.concat(found) if found else pd.DataFrame()
    if together.empty:
        return ()
    each = together.groupby("subject_id", sort=False)["form"].agg(", ".join).reset_index()
    if np.sum(shapes[randomisation.id].adrift) >= len(each):
        return ()
    messages = (
        f"There is no {randomisation.title!r} row for this subject, but data that only randomised "
        "participants have (" + each["form"] + "). Enter it, or correct the subject there."
    )
    return hits_without_row(
        randomisation,
        each["subject_id"],
        messages,
        rule_id=BuiltIn.NOT_RANDOMISED.value,
        severity=Severity.HARD,
    )


def _uncounted(
    schemas: Schemas,
    *,
    people: pd.DataFrame,
    found: Sequence[Hits],
    cells: Mapping[str, CheckedCells],
) -> tuple[Hits, ...]:
    """Events, sessions and care of people who were not randomised: no arm can count them.

    Harm may come to somebody after consent, so that it asks only; who is found to have more data of
    the randomised is not asked about twice.
    """
    said = [each.places["subject_id"] for each in found if each.rule_id == BuiltIn.NOT_RANDOMISED]
    others = people.loc[~people["randomised"], "subject_id"]
    others = others[~others.isin(pd.concat(said))] if said else others
    hits: list[Hits] = []
    for form in schemas.forms:
        if form.kind not in _COUNTED_BY_ARM or form.expected is Expected.RANDOMISED:
            continue
        subject = cells[form.id].data.values["subject_id"].iloc[cells[form.id].rows]
        rows = subject[subject.isin(others)].value_counts(sort=False)
        messages = (
            f"This subject was not randomised, so no arm counts the {form.title!r} data ("
            + rows.astype("str")
            + rows.map(lambda n: by_number(n, " row", " rows"))
            + "). Correct the subject, enter the randomisation, or confirm it."
        )
        hits += hits_without_row(
            form,
            rows.index.to_series(),
            messages,
            rule_id=BuiltIn.NOT_RANDOMISED.value,
            severity=Severity.SOFT,
        )
    return tuple(hits)

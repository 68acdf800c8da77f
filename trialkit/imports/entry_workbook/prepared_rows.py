"""The rows that an entry workbook holds ready: who is known, at each visit, and not entered yet."""

from collections.abc import Mapping
from pathlib import Path

from trialkit.imports.taking_in.incoming import keys
from trialkit.imports.taking_in.present import present_rows
from trialkit.schemas.forms.forms import Expected, Form, FormKind, Purpose, Schemas


def prepared_rows(folder: Path, schemas: Schemas) -> Mapping[str, tuple[tuple[str, ...], ...]]:
    """By form, the keys of the rows that are expected and not there.

    Forms that repeat or are filled in as needed have none: nobody knows how many there will be.
    """
    there = {
        form.id: keys(present_rows(folder, form, schemas.data).cells, form).rows()
        for form in schemas.forms
    }
    everyone = _subjects(schemas.of_kind(FormKind.SCREENING), there)
    randomised = _subjects(schemas.of_kind(FormKind.RANDOMISATION), there)
    arms = _arms(folder, schemas)
    return {
        form.id: _missing(
            form,
            tuple(
                subject
                for subject in (everyone if form.expected is Expected.EVERYONE else randomised)
                if not form.arms or arms.get(subject) in form.arms
            ),
            there[form.id],
        )
        for form in schemas.forms
    }


def _arms(folder: Path, schemas: Schemas) -> Mapping[str, str]:
    """By participant the arm, for forms that are for some arms only."""
    form = schemas.of_kind(FormKind.RANDOMISATION)
    item = form.item_for(Purpose.ARM) if form else None
    if form is None or item is None:
        return {}
    rows = present_rows(folder, form, schemas.data).cells
    arms = rows[item.id].str.strip_chars().to_list()
    return dict(zip(keys(rows, form)["subject_id"].to_list(), arms, strict=True))


def _subjects(form: Form | None, there: Mapping[str, list[tuple[str, ...]]]) -> tuple[str, ...]:
    """Those who have a row in a form, in the order of its file."""
    rows = there[form.id] if form else []
    return tuple(dict.fromkeys(subject for subject, *_ in rows if subject))


def _missing(
    form: Form, subjects: tuple[str, ...], there: list[tuple[str, ...]]
) -> tuple[tuple[str, ...], ...]:
    if form.repeating or form.expected is Expected.AS_NEEDED:
        return ()
    wanted = [(subject, *visit) for subject in subjects for visit in _visits(form)]
    entered = set(there)
    return tuple(key for key in wanted if key not in entered)


def _visits(form: Form) -> list[tuple[str, ...]]:
    return [(visit,) for visit in form.visits] if form.visits else [()]

"""Whom incoming rows name: nobody new whose name is that of somebody there but for its looks.

What ``validate`` asks about afterwards is asked at the door: a spreadsheet makes ``1`` of ``001``, and
its rows would be those of a stranger.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

import polars as pl

from trialkit.checks.judging.lookalikes import names_alike
from trialkit.errors import DataFileError
from trialkit.grammar import by_number
from trialkit.imports.taking_in.incoming import Incoming
from trialkit.imports.taking_in.present import Present, present_rows
from trialkit.schemas.forms.forms import FormKind, Schemas

_LISTED = 10
_KINDS = (FormKind.SCREENING, FormKind.RANDOMISATION)
"""The forms that say who is in the trial."""


def known_subjects(folder: Path, schemas: Schemas, there: Mapping[str, Present]) -> pl.Series:
    """The subjects whom the data name, in the forms that are ``there`` and where people enter."""
    forms = (form for form in map(schemas.of_kind, _KINDS) if form and form.id not in there)
    tables = [each.cells for each in there.values()]
    tables += [present_rows(folder, form, schemas.data, new_items=True).cells for form in forms]
    return _subjects(tables)


def refuse_strangers(incoming: Incoming, known: pl.Series) -> None:
    """Raise :class:`DataFileError` for new subjects whose name another has but for its looks."""
    new = _subjects(table.cells for table in incoming.tables)
    pairs = names_alike(known, new)
    if not pairs.height:
        return
    place = {
        subject: where
        for table in reversed(incoming.tables)
        for subject, where in reversed(
            list(zip(_stripped(table.cells).to_list(), table.places, strict=True))
        )
    }
    there = set(known.to_list())
    listed = [
        f"{place[name]}: {_shown(name)}; expected {_shown(like)}, who is "
        f"{'there' if like in there else 'in the file, too'}"
        for name, like in pairs.rows()
    ]
    more = len(listed) - _LISTED
    noun = by_number(len(listed), "subject looks", "subjects look")
    raise DataFileError(
        f"{incoming.source}: {len(listed)} {noun} like another, and nothing was imported:\n  - "
        + "\n  - ".join(listed[:_LISTED])
        + (f"\n  and {more} more" if more > 0 else "")
        + "\nCorrect the file (where the import takes a --mapping, [tables.values.subject_id] there "
        "says who is meant); where they are other people, pass --new-subjects"
    )


def _subjects(tables: Iterable[pl.DataFrame]) -> pl.Series:
    named = [pl.Series("subject_id", [], dtype=pl.String)]
    named += [_stripped(cells) for cells in tables]
    names = pl.concat(named).unique(maintain_order=True)
    return names.filter(names != "")


def _stripped(cells: pl.DataFrame) -> pl.Series:
    return cells["subject_id"].fill_null("").str.strip_chars()


def _shown(name: str) -> str:
    """A name with what the eye passes over written out."""
    return repr(name) if name.isascii() else f"{name!r} ({ascii(name)[1:-1]})"

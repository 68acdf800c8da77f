"""What an import leaves on the screen: what would change or was changed, and what was left out."""

import difflib
from argparse import Namespace
from collections.abc import Sequence

from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.screen import Screen
from trialkit.cli.signing import signed
from trialkit.errors import DataFileError
from trialkit.grammar import by_number, plural
from trialkit.imports.taking_in.difference import CellDifference, ImportEffect, difference
from trialkit.imports.taking_in.incoming import Incoming, LeftOut, named
from trialkit.imports.taking_in.planned_files import PlannedFile
from trialkit.imports.taking_in.renumbering import renumbered
from trialkit.imports.taking_in.taken_codes import TakenCode, decision
from trialkit.imports.taking_in.writing import refuse_unasked, write_import
from trialkit.schemas.forms.identifying import for_display
from trialkit.steps.stages import OpenedTrial

SHOWN = 20
SHOWN_NEW = 3
_DIFF_LINES = 60


def take_in(
    trial: OpenedTrial, incoming: Incoming, arguments: Namespace, screen: Screen
) -> ExitCode:
    """Show what an import changes, and write it unless it is a dry run."""
    compared = difference(
        trial.folder, trial.schemas, incoming, new_subjects=arguments.new_subjects
    )
    if getattr(arguments, "shows_cells", True):
        show_difference(compared, screen, identifiers=arguments.show_identifiers)
    show_gone(compared, screen, remove=arguments.remove_rows)
    show_left_out(incoming.left_out, screen)
    refuse_nothing(
        incoming.source,
        taken=any(form.incoming for form in compared.forms),
        left_out=incoming.left_out,
        what="no answer could be taken",
    )
    refuse_unasked(compared, replace=arguments.replace or arguments.dry_run)
    if arguments.dry_run:
        changed = len(compared.with_effect(ImportEffect.CHANGED))
        if changed and not arguments.replace:
            noun = by_number(changed, "value", "values")
            screen.say(f"{changed} {noun} would be overwritten, which needs --replace.")
        screen.say("Dry run: nothing was written.")
        return ExitCode.FINE
    written = write_import(
        compared,
        trial.schemas.data,
        signed=signed(arguments, reason=f"import of {incoming.source}"),
        replace=arguments.replace,
        empty=arguments.empty,
        remove=arguments.remove_rows,
    )
    if not written:
        screen.say("Nothing to write: the data say this already.")
        return ExitCode.FINE
    for path in written:
        screen.say_as_it_is(f"  {path}")
    screen.advise("Next:  ", f"trialkit validate {trial.folder}")
    return ExitCode.FINE


def show_the_cut(said: str, screen: Screen) -> None:
    """What there is to say of the day of an export and the data cut of the trial."""
    if said:
        screen.say(said)


def show_difference(compared: CellDifference, screen: Screen, *, identifiers: bool = False) -> None:
    """The counts by form, and the first rows and cells that would not stay as they are.

    What names a person is shown with ``identifiers`` alone.
    """
    touched = [form for form in compared.forms if form.new_rows.height or form.incoming]
    heads = ("form", "new rows", *(effect.value for effect in ImportEffect), "unchanged rows")
    counts = [
        (
            form.form.id,
            str(form.new_rows.height),
            *(str(len(form.with_effect(effect))) for effect in ImportEffect),
            str(form.unchanged),
        )
        for form in touched
    ]
    if counts:
        screen.show_rows(heads, counts)
    _show_changes(compared, screen, hide=not identifiers)
    _show_new_rows(compared, screen, hide=not identifiers)


def _show_changes(compared: CellDifference, screen: Screen, *, hide: bool) -> None:
    changes = [cell for effect in ImportEffect for cell in compared.with_effect(effect)]
    if not changes:
        return
    rows = []
    forms = {form.form.id: form.form for form in compared.forms}
    order = (ImportEffect.CHANGED, ImportEffect.EMPTIED, ImportEffect.FILLED)
    for cell in sorted(changes, key=lambda each: order.index(each.effect))[:SHOWN]:
        row = named(forms[cell.form_id], cell.key)
        place = f"{cell.form_id}.{cell.item}"
        before, after = (
            for_display(forms[cell.form_id], cell.item, text) if hide else text
            for text in (cell.before, cell.after)
        )
        rows.append((cell.effect.value, row, place, before, after, cell.place))
    screen.show_rows(("effect", "row", "form.item", "is", "in the file", "where"), rows)
    if len(changes) > SHOWN:
        screen.say(f"... and {_more(len(changes) - SHOWN, 'cell')}")


def _show_new_rows(compared: CellDifference, screen: Screen, *, hide: bool) -> None:
    """What the first new rows of each form say."""
    for form in compared.forms:
        for row, place in list(zip(form.new_rows.rows(named=True), form.new_places, strict=True))[
            :SHOWN_NEW
        ]:
            said = ", ".join(
                f"{name} {for_display(form.form, name, value) if hide else value}"
                for name, value in row.items()
                if value.strip()
            )
            screen.say(f"  + {form.form.id}: {said} ({place})")
        if form.new_rows.height > SHOWN_NEW:
            screen.say(f"  + {form.form.id}: and {_more(form.new_rows.height - SHOWN_NEW, 'row')}")


def end_undecided(taken: Sequence[TakenCode], screen: Screen, *, missing: str = "") -> ExitCode:
    """Say which answers are spelled as a missing code of the trial, and end with 1 while any is."""
    if not taken:
        return ExitCode.FINE
    screen.say(decision(taken, missing=missing))
    return ExitCode.FINDINGS


def show_gone(compared: CellDifference, screen: Screen, *, remove: bool) -> None:
    """The rows that a source of all rows no longer has: all of them where they are to go."""
    if not compared.gone:
        return
    noun = by_number(compared.gone, "row that is there is", "rows that are there are")
    what = "taken out" if remove else "kept; --remove-rows takes such rows out"
    screen.say(f"{compared.gone} {noun} not in {compared.source}, and {what}:")
    listed = [
        f"{form.form.id}: {named(form.form, key)}"
        for form in compared.forms
        for key in form.gone_keys
    ]
    for each in listed if remove else listed[:SHOWN]:
        screen.say(f"  - {each}")
    if len(listed) > SHOWN and not remove:
        screen.say(f"  ... and {_more(len(listed) - SHOWN, 'row')}")
    for pair in renumbered(compared):
        screen.say(f"  {pair.now} has the answers of {pair.before}: renumbered?")


def show_lines(file: PlannedFile, screen: Screen, *, now: str) -> None:
    """What changes in a form's file, line by line; ``now`` says where the new text is from."""
    before, after = (file.before or "").splitlines(), file.after.splitlines()
    name = f"{file.path.parent.name}/{file.path.name}"
    lines = list(difflib.unified_diff(before, after, name, now, lineterm=""))
    for line in lines[:_DIFF_LINES]:
        screen.say_as_it_is(f"  {line}")
    if len(lines) > _DIFF_LINES:
        screen.say(f"  ... and {_more(len(lines) - _DIFF_LINES, 'line')}")


def show_left_out(left_out: Sequence[LeftOut], screen: Screen) -> None:
    """What did not become part of the trial, each with its place and the reason."""
    if left_out:
        noun = by_number(len(left_out), "thing was", "things were")
        screen.say(f"{len(left_out)} {noun} left out, or taken otherwise:")
    for each in left_out:
        screen.say(f"  - {each}")


def refuse_nothing(source: str, *, taken: bool, left_out: Sequence[LeftOut], what: str) -> None:
    """Raise :class:`DataFileError` where everything was left out, which was shown before."""
    if not taken and left_out:
        raise DataFileError(
            f"{source}: {what}, since all of it was left out for the reasons above; correct them "
            "there, then import again"
        )


def _more(count: int, noun: str) -> str:
    return f"{count} more {plural(count, noun)}"

"""``trialkit import redcap``: a project of REDCap, shown first, then written."""

from argparse import Namespace
from collections.abc import Sequence

from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.import_summary import (
    SHOWN,
    end_undecided,
    show_difference,
    show_gone,
    show_lines,
    show_the_cut,
)
from trialkit.cli.screen import Screen
from trialkit.cli.signing import signed
from trialkit.grammar import by_number
from trialkit.imports.redcap.project_import import (
    Prepared,
    ProjectFiles,
    missing_codes,
    prepare,
    write,
)
from trialkit.imports.taking_in.incoming import LeftOut


def import_redcap(arguments: Namespace, screen: Screen) -> ExitCode:
    """Show what a project changes in a trial, and write it unless it is a dry run."""
    sources = ProjectFiles(
        dictionary=arguments.dictionary,
        exports=tuple(arguments.exports),
        trial=arguments.into,
        events=arguments.events,
        encoding=arguments.encoding,
        extra_columns=arguments.extra_columns,
        missing_codes=missing_codes(arguments.missing),
    )
    with screen.working("Reading"):
        prepared = prepare(
            sources,
            replace_forms=arguments.replace_forms,
            new_subjects=arguments.new_subjects,
        )
    _show_files(prepared, screen, dry=arguments.dry_run)
    if getattr(arguments, "shows_cells", True):
        show_difference(prepared.difference, screen, identifiers=arguments.show_identifiers)
    show_gone(prepared.difference, screen, remove=arguments.remove_rows)
    _show_left_out(prepared.left_out, screen)
    show_the_cut(prepared.on_the_cut, screen)
    if arguments.dry_run:
        screen.say("Dry run: nothing was written.")
        return end_undecided(prepared.undecided, screen, missing="--missing")
    with screen.working("Writing"):
        names = ", ".join(path.name for path in (sources.dictionary, *sources.exports))
        written = write(
            prepared,
            signed=signed(arguments, reason=f"import of {names}"),
            replace=arguments.replace,
            empty=arguments.empty,
            remove=arguments.remove_rows,
        )
    for path in written:
        screen.say_as_it_is(f"  {path}")
    if not written:
        screen.say("Nothing to write: the trial says this already.")
    elif prepared.left_out:
        screen.say(f"All that was left out, with its place and the reason: {prepared.listing}")
    if not prepared.undecided:
        screen.advise("Next:  ", f"trialkit validate {arguments.into}")
    return end_undecided(prepared.undecided, screen, missing="--missing")


def _show_files(prepared: Prepared, screen: Screen, *, dry: bool) -> None:
    """Which forms and skeletons are new, changed or kept, in a dry run line by line."""
    new = [file for file in prepared.files if file.before is None]
    if new:
        screen.say(f"{len(new)} new: " + ", ".join(file.path.name for file in new))
    for file in prepared.files:
        if file.before is None or file.before == file.after:
            continue
        form = file.path.parent.name == "forms"
        if file.is_written:
            screen.say(f"{file.path.name} changes.")
        elif form:
            screen.say(
                f"{file.path.name} was changed by hand and is kept; pass --replace-forms to take "
                "the dictionary's."
            )
        if dry and form:
            show_lines(file, screen, now="from the dictionary")


def _show_left_out(left_out: Sequence[LeftOut], screen: Screen) -> None:
    if not left_out:
        return
    noun = by_number(len(left_out), "thing is", "things are")
    screen.say(f"{len(left_out)} {noun} not carried over:")
    for each in left_out[:SHOWN]:
        screen.say(f"  - {each}")
    if len(left_out) > SHOWN:
        screen.say(f"  ... and {len(left_out) - SHOWN} more")

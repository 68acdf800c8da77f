"""``trialkit store migrate --tables``: a store that an earlier trialkit made is taken to this one."""

from argparse import Namespace
from pathlib import Path

from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.screen import Screen
from trialkit.cli.store_author import occasion
from trialkit.cli.store_end import show_end
from trialkit.cli.store_keeping import show_problems
from trialkit.cli.store_reach import opened
from trialkit.cli.tone import Tone
from trialkit.errors import EvidenceError
from trialkit.evidence.copies.backing_up import copy_before, sha256_of_dump
from trialkit.evidence.copies.migrating_tables import (
    MigratedTables,
    TablesMigration,
    migrate_tables,
    tables_migration,
)
from trialkit.evidence.database.opening import Store
from trialkit.evidence.database.tables_revision import HEAD
from trialkit.evidence.log.actions import Door


def migrate_the_tables(arguments: Namespace, screen: Screen) -> ExitCode:
    """Show what would be done, and do it where asked for, with a copy from before."""
    if arguments.mapping is not None:
        raise EvidenceError(
            "--mapping is of newer forms, and --tables of a newer trialkit; migrate the tables first, then "
            "the forms. Nothing was done"
        )
    with opened(arguments) as store:
        found = tables_migration(store)
        if not found.steps:
            screen.say(
                f"The tables are those of this trialkit already (revision {HEAD}).", Tone.GOOD
            )
            return ExitCode.FINE
        _show(found, screen)
        if not arguments.write:
            screen.say("Nothing was written; --write writes it.")
            return ExitCode.FINE
        with screen.working("Migrating"):
            done, copy = _migrated(store, arguments)
    screen.say(f"As it was before: {copy}", whole=[copy])
    return _end(done, found, screen)


def _show(found: TablesMigration, screen: Screen) -> None:
    of = f"revision {found.start}" if found.is_marked else f"revision {found.start}, by their look"
    screen.say(f"The tables of the store are those of {of}; this trialkit has {HEAD}:")
    for step in found.steps:
        screen.say(f"  {step}")
    for other in found.others:
        screen.say(f"  {other}: not made by trialkit, and left as it is")


def _migrated(store: Store, arguments: Namespace) -> tuple[MigratedTables, Path]:
    """With the copy of a file, which is made here, or that of a server, which has to be there."""
    copies: list[Path] = []

    def backup() -> str:
        if not store.is_served:
            copy, sha256 = copy_before(store, HEAD)
            copies.append(copy)
            return sha256
        if arguments.dump is None:
            raise EvidenceError(
                f"{store.place}: is copied before its tables change: pg_dump --format=custom --file=FILE URL, "
                "then give --dump FILE, whose SHA-256 the log keeps. Nothing was done"
            )
        copies.append(arguments.dump)
        return sha256_of_dump(arguments.dump)

    done = migrate_tables(
        store, occasion(arguments, Door.STORE), backup=backup, even_so=arguments.even_so
    )
    return done, copies[0]


def _end(done: MigratedTables, found: TablesMigration, screen: Screen) -> ExitCode:
    if done.problems:
        show_problems(done.problems, screen)
    if not done.is_written:
        screen.say("Nothing was migrated; --even-so migrates it in spite of this.")
        return ExitCode.FINDINGS
    screen.say(f"The store has the tables of this trialkit (revision {HEAD}).", Tone.GOOD)
    if found.rebuilds:
        screen.say(
            "Next: 'trialkit store migrate TRIAL --write' withholds what tells an arm, which the store did not "
            "do before; then grant roles ('trialkit store grant')."
        )
    show_end(done.head, screen)
    return ExitCode.FINE

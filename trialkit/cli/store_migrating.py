"""``trialkit store migrate``: the store is taken to newer forms of the trial, or to a newer trialkit."""

from argparse import Namespace
from dataclasses import replace

from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.forms_changes import show_changes
from trialkit.cli.screen import Screen
from trialkit.cli.store_author import occasion
from trialkit.cli.store_cells import show_cells
from trialkit.cli.store_migrating_tables import migrate_the_tables
from trialkit.cli.store_reach import opened
from trialkit.cli.tone import Tone
from trialkit.errors import EvidenceError, TrialStep
from trialkit.evidence.contents.moments import definitions_at
from trialkit.evidence.copies.migrating import FormsMigration, migrate, migration
from trialkit.evidence.log.actions import Door
from trialkit.grammar import by_number, counted
from trialkit.schemas.forms.forms import Schemas
from trialkit.schemas.forms.identifying import unmasked
from trialkit.schemas.versions.mapping import to_copy
from trialkit.schemas.versions.mapping_file import read_mapping
from trialkit.steps.defining import definition_files, schemas_in
from trialkit.steps.opening import open_trial


def migrate_store(arguments: Namespace, screen: Screen) -> ExitCode:
    """Show what the newer forms change and what the data become, and write it where asked for."""
    if arguments.tables:
        return migrate_the_tables(arguments, screen)
    trial = open_trial(arguments.trial, step=TrialStep.VALIDATE)
    mapping = None if arguments.mapping is None else read_mapping(arguments.mapping)
    with opened(arguments) as store:
        files = definition_files(trial)
        before = definitions_at(store, None)
        if not before:
            raise EvidenceError(f"{store.place}: holds no definitions; begin it with 'store init'")
        old = schemas_in(before)
        found = migration(store, old, trial.schemas, mapping)
        if before == files and found.entries.is_empty():
            screen.say("The store has these forms already.", Tone.GOOD)
            return ExitCode.FINE
        show_changes(found.changes, screen)
        known = _of_both(old, trial.schemas)
        schemas = unmasked(known) if arguments.show_identifiers else known
        show_cells(found.entries, schemas, screen, everything=arguments.all)
        if found.unsaid:
            _show_unsaid(found, screen)
            return ExitCode.FINDINGS
        if not arguments.write:
            screen.say("Nothing was written; --write writes it.")
            return ExitCode.FINE
        head = migrate(
            store,
            old,
            trial.schemas,
            mapping,
            definitions=files,
            occasion=occasion(arguments, Door.STORE),
        )
    screen.say(
        f"The store has the newer forms; {counted(found.entries.height, 'event')} of data written. The log "
        f"ends with event {head.seq}, whose hash is {head.hash}",
        whole=[head.hash],
    )
    return ExitCode.FINE


def _show_unsaid(found: FormsMigration, screen: Screen) -> None:
    number = len(found.unsaid)
    screen.say(
        f"{number} {by_number(number, 'change leaves', 'changes leave')} open what becomes of data that are "
        "there; say it in a mapping (--mapping FILE). Nothing was written:",
        Tone.ERROR,
    )
    for each in found.unsaid:
        screen.say(f"  {each.place}, {each.what}: {each.why}")
        said = to_copy(each)
        screen.say_as_it_is(
            f"    {said}" if said else "    no mapping says this: correct the data first"
        )


def _of_both(old: Schemas, new: Schemas) -> Schemas:
    """The newer forms with the items of the older ones, that what names a person is masked in both."""
    after = {form.id: form for form in new.forms}
    forms = []
    for form in old.forms:
        newer = after.pop(form.id, form)
        named = {item.id for item in form.items if item.identifier}
        items = {item.id: item for item in (*form.items, *newer.items)}
        whole = (
            replace(item, identifier=item.identifier or item.id in named) for item in items.values()
        )
        forms.append(replace(newer, items=tuple(whole)))
    return replace(new, forms=(*forms, *after.values()))

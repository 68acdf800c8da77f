"""``trialkit store ACTION``: the evidence store of a trial."""

from argparse import Namespace
from collections.abc import Callable, Mapping
from types import MappingProxyType

from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.screen import Screen
from trialkit.cli.store_allocating import allocate_one, unblind_one
from trialkit.cli.store_beginning import begin_store
from trialkit.cli.store_double_entry import decide, keep_second_entry, show_comparison
from trialkit.cli.store_exporting import export_store, show_store_difference
from trialkit.cli.store_holding import freeze_reach, lock_reach, unlock_hold
from trialkit.cli.store_importing import import_into_store
from trialkit.cli.store_keeping import anchor_store, back_up_store, restore_store, verify_store
from trialkit.cli.store_log import show_log
from trialkit.cli.store_migrating import migrate_store
from trialkit.cli.store_people import grant_role, place_participants, revoke_role, show_people
from trialkit.cli.store_queries import step_of_a_query
from trialkit.cli.store_redacting import redact_text
from trialkit.cli.store_signing import give_passphrase, mark_reach, sign_reach
from trialkit.cli.store_status import show_status


def run(arguments: Namespace) -> ExitCode:
    """Carry out one of the actions."""
    return ACTIONS[arguments.action](arguments, Screen())


ACTIONS: Mapping[str, Callable[[Namespace, Screen], ExitCode]] = MappingProxyType(
    {
        "init": begin_store,
        "import": import_into_store,
        "export": export_store,
        "log": show_log,
        "diff": show_store_difference,
        "verify": verify_store,
        "anchor": anchor_store,
        "backup": back_up_store,
        "restore": restore_store,
        "redact": redact_text,
        "migrate": migrate_store,
        "again": keep_second_entry,
        "compare": show_comparison,
        "adjudicate": decide,
        "status": show_status,
        "query": step_of_a_query,
        "mark": mark_reach,
        "freeze": freeze_reach,
        "lock": lock_reach,
        "unlock": unlock_hold,
        "sign": sign_reach,
        "passphrase": give_passphrase,
        "grant": grant_role,
        "revoke": revoke_role,
        "people": show_people,
        "place": place_participants,
        "allocate": allocate_one,
        "unblind": unblind_one,
    }
)
"""What each action of :mod:`trialkit.cli.store_options` is carried out by."""

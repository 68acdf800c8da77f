"""The door by which a call says that the data come."""

from argparse import Namespace

from trialkit.steps.data_door import DataDoor


def door_of(arguments: Namespace) -> DataDoor:
    """What ``--store`` and ``--as-of`` say; nothing for a command that does not have them."""
    return DataDoor(store=getattr(arguments, "store", ""), as_of=getattr(arguments, "as_of", None))

"""How the actions of ``trialkit store`` end, and calls of them to copy."""

from collections.abc import Mapping
from types import MappingProxyType

from trialkit.cli.command_ends import CommandEnds

_CANNOT = "the trial, the store, a file, the disk, the server or the call does not allow it"

STORE_ENDS: Mapping[str, CommandEnds] = MappingProxyType(
    {
        "store init": CommandEnds(
            fine="the store is begun",
            cannot=_CANNOT,
            examples=(
                'store init my_trial --person "Ann Miller"',
                "store init my_trial --url postgresql://owner@db.example/trial --application entry",
            ),
        ),
        "store log": CommandEnds(
            fine="shown, or written",
            cannot=_CANNOT,
            examples=(
                "store log my_trial --subject 001 --form pain",
                "store log my_trial --since 2026-03-01 --to log.csv",
            ),
        ),
    }
)
"""By the words of the call."""

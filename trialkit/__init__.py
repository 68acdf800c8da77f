"""trialkit: a clinical trial written down once, as a protocol, and everything that follows from it."""

from importlib import import_module
from sys import modules
from typing import TYPE_CHECKING, Any

from trialkit import analysis

if TYPE_CHECKING:
    from trialkit.analysis import *
    from trialkit.pipeline import run_trial
    from trialkit.protocol import Protocol, load_protocol
    from trialkit.steps.trial_folder import open_folder as open

__version__ = "0.1.0"

__all__ = ["Protocol", "__version__", "load_protocol", "open", "run_trial"]
__all__ += analysis.__all__  # every estimator; the same thing under both names

_HOMES = {
    "Protocol": "trialkit.protocol",
    "load_protocol": "trialkit.protocol",
    "open": "trialkit.steps.trial_folder",
    "run_trial": "trialkit.pipeline",
}

_OWN_NAMES = {"open": "open_folder"}
"""What a name is called where it lives, if not the same."""


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for, so that ``--help`` needs no pandas."""
    if name in analysis.__all__:
        return getattr(analysis, name)
    if name not in _HOMES:
        # with these two the interpreter says which name may have been meant
        raise AttributeError(
            f"module 'trialkit' has no attribute {name!r}", name=name, obj=modules[__name__]
        )
    return getattr(import_module(_HOMES[name]), _OWN_NAMES.get(name, name))


def __dir__() -> list[str]:
    return sorted(__all__)

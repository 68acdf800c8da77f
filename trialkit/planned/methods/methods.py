"""The card of each method that a plan can name, loaded when a plan names it.

The card of a specification stands in the module of its name: that of ``protocol/methods/cox.py`` in
``planned/methods/cox.py``. A trial loads the statistics of its own plan, and no others.
"""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any

from trialkit.planned.methods.card import MethodCard
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.methods.specifications import SPECIFICATIONS


def card_of(specification: Specification) -> MethodCard[Any]:
    """The card of the method that a specification asks for."""
    return _card(type(specification))


def every_card() -> tuple[MethodCard[Any], ...]:
    """The cards of all methods, in the order in which lists name them."""
    return tuple(_card(kind) for kind in dict.fromkeys(SPECIFICATIONS.values()))


def _card(kind: type[Specification]) -> MethodCard[Any]:
    return _cards_in(kind.__module__.rpartition(".")[2])[kind]


@cache
def _cards_in(module: str) -> Mapping[type[Specification], MethodCard[Any]]:
    """The cards of a module of this folder, by what they specify."""
    found = vars(import_module(f"{__package__}.{module}")).values()
    return {each.specification: each for each in found if isinstance(each, MethodCard)}

"""Authors and editors as references print them: ``van der Berg JW``, six of them, ``et al``."""

import re

from trialkit.report.citing.work import PersonName

_PARTS = re.compile(r"[\s.\N{NO-BREAK SPACE}]+")
_HYPHENS = re.compile("[-\N{HYPHEN}\N{NON-BREAKING HYPHEN}]")


def person(name: PersonName, *, hyphens: bool) -> str:
    """Family name, then initials without stops; ``hyphens`` keeps that of ``An-Wen``: ``A-W``."""
    if name.is_group or not name.given:
        return " ".join(filter(None, (name.family, name.suffix)))
    return " ".join(filter(None, (name.family, initials(name.given, hyphens=hyphens), name.suffix)))


def initials(given: str, *, hyphens: bool) -> str:
    """``Kenneth F.`` becomes ``KF``; letters that are initials already stay."""
    found = []
    for part in filter(None, _PARTS.split(given)):
        if part.isupper() and len(part) <= 4 and part.isalpha():
            found.append(part)
            continue
        first = [each[:1] for each in filter(None, _HYPHENS.split(part))]
        found.append(("-" if hyphens else "").join(first))
    return "".join(found)


def people(
    names: tuple[PersonName, ...], *, all_of: int, else_of: int, hyphens: bool, more: bool = False
) -> str:
    """All names where there are at most ``all_of``, else the first ``else_of`` and ``et al``.

    Where there are ``more`` than are named, it is not known how many.

    A group after persons is parted from them by a semicolon.
    """
    shown = names if len(names) <= all_of and not more else names[:else_of]
    said = ""
    for place, name in enumerate(shown):
        between = "; " if name.is_group and place and not shown[place - 1].is_group else ", "
        said += f"{between if place else ''}{person(name, hyphens=hyphens)}"
    return f"{said}, et al" if more or len(shown) < len(names) else said

"""The grammar of counts: what is said of one, and what of none or several. No other place knows it."""


def by_number(count: float, one: str, several: str) -> str:
    """The words that go with a count: ``by_number(n, "row is", "rows are")``."""
    return one if count == 1 else several


def plural(count: float, noun: str, several: str = "") -> str:
    """The noun alone, as it goes with a count; ``several`` where it is not made by an s."""
    return by_number(count, noun, several or f"{noun}s")


def counted(count: int, noun: str, several: str = "") -> str:
    """``1 participant``, ``1,234 participants``."""
    return f"{count:,} {plural(count, noun, several)}"

# ruff: noqa: PLR0911  (a table of cases is easiest to check by eye)
"""Three-valued logic written a second time, for one row and as slowly as it can be understood.

An expression is a nested tuple; :func:`sql` writes it as a rule, :func:`value` says what it is.
None is NULL. ``WRONG`` stands for a cell that holds something that cannot be right.
"""

import math
from datetime import date, timedelta

WRONG = object()
TOLERANCE = 1e-12


def sql(tree) -> str:
    kind, *parts = tree
    match kind:
        case "name":
            return parts[0]
        case "number":
            return repr(parts[0])
        case "text":
            return "'" + parts[0].replace("'", "''") + "'"
        case "day":
            return f"DATE '{parts[0].isoformat()}'"
        case "truth":
            return "TRUE" if parts[0] else "FALSE"
        case "not" | "neg":
            sign = {"not": "NOT", "neg": "-"}[kind]
            return f"({sign} {sql(parts[0])})"
        case "abs":
            return f"ABS({sql(parts[0])})"
        case "is null":
            return f"({sql(parts[0])} IS NULL)"
        case "is not null":
            return f"({sql(parts[0])} IS NOT NULL)"
        case "between":
            return f"({sql(parts[0])} BETWEEN {sql(parts[1])} AND {sql(parts[2])})"
        case "in":
            return f"({sql(parts[0])} IN ({', '.join(sql(each) for each in parts[1:])}))"
        case "coalesce":
            return f"COALESCE({', '.join(sql(each) for each in parts)})"
    return f"({sql(parts[0])} {kind} {sql(parts[1])})"


def is_wrong(tree, row) -> bool:
    if tree[0] == "name":
        return row[tree[1]] is WRONG
    return any(is_wrong(part, row) for part in tree[1:] if isinstance(part, tuple))


def is_computed(tree) -> bool:
    """Whether a number comes out of arithmetic."""
    if tree[0] == "coalesce":
        return any(is_computed(part) for part in tree[1:])
    if tree[0] == "neg":
        return is_computed(tree[1])
    return tree[0] in {"+", "-", "*", "/", "abs"}


def value(tree, row):
    kind, *parts = tree
    match kind:
        case "name":
            return None if row[parts[0]] is WRONG else row[parts[0]]
        case "number" | "text" | "day" | "truth":
            return parts[0]
        case "and" | "AND" | "OR":
            return connected(kind, value(parts[0], row), value(parts[1], row))
        case "not":
            inner = value(parts[0], row)
            return None if inner is None else not inner
        case "is null" | "is not null":
            if is_wrong(parts[0], row):
                return None
            return (value(parts[0], row) is None) == (kind == "is null")
        case "between":
            low = compared(">=", parts[0], parts[1], row)
            return connected("AND", low, compared("<=", parts[0], parts[2], row))
        case "in":
            among = False
            for each in parts[1:]:
                among = connected("OR", among, compared("=", parts[0], each, row))
            return among
        case "coalesce":
            if is_wrong(tree, row):
                return None
            return next((v for part in parts if (v := value(part, row)) is not None), None)
        case "=" | "<>" | "<" | "<=" | ">" | ">=":
            return compared(kind, parts[0], parts[1], row)
    return arithmetic(kind, [value(part, row) for part in parts])


def connected(kind, one, other):
    decisive = kind == "OR"
    if one is decisive or other is decisive:
        return decisive
    return None if one is None or other is None else not decisive


def compared(kind, left, right, row):
    one, other = value(left, row), value(right, row)
    if one is None or other is None:
        return None
    equal = one == other
    if (is_computed(left) or is_computed(right)) and not isinstance(one, date):
        reach = max(size(left, row), size(right, row))
        equal = one == other or abs(one - other) <= TOLERANCE * reach
    return {
        "=": equal,
        "<>": not equal,
        "<": not equal and one < other,
        "<=": equal or one < other,
        ">": not equal and one > other,
        ">=": equal or one > other,
    }[kind]


def size(tree, row):
    """The size of the numbers from which a number has its rounding errors."""
    kind, *parts = tree
    if kind == "coalesce":
        return next(size(part, row) for part in parts if value(part, row) is not None)
    if kind in {"neg", "abs"}:
        return size(parts[0], row)
    if kind not in {"+", "-", "*", "/"} or isinstance(value(parts[0], row), date):
        return abs(value(tree, row))
    one, other = (size(part, row) for part in parts)
    if kind in {"+", "-"}:
        return max(one, other)
    if kind == "*":
        return one * other
    divisor = abs(value(parts[1], row))
    return one / divisor * (other / divisor)


def arithmetic(kind, values):
    if any(each is None for each in values):
        return None
    if isinstance(values[0], date):
        return difference_or_shift(kind, *values)
    one, *rest = map(float, values)
    if kind == "neg":
        return -one
    if kind == "abs":
        return abs(one)
    other = rest[0]
    if kind == "/" and other == 0:
        return None
    result = {"+": one + other, "-": one - other, "*": one * other}.get(kind)
    result = one / other if kind == "/" else result
    return result if math.isfinite(result) else None


def difference_or_shift(kind, day, other):
    if isinstance(other, date):
        return float((day - other).days)
    return day + timedelta(days=int(other)) if kind == "+" else day - timedelta(days=int(other))

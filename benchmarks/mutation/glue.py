"""Faults in what joins plan, estimator and page: an option ignored, columns swapped, a wrong arm.

Each is found in the syntax tree and made in the text, so that the rest of the module stays as it
is. A fault that would fail as soon as the line runs (a name that is not there, an argument that is
required) is not made where that can be seen: it would flatter the tests.
"""

import ast
import random
from collections.abc import Iterator
from pathlib import Path

from mutation.fault import ROOT, Fault, modules_of, source_of

GLUE = [
    "datasets", "planned", "protocol/methods", "results", "steps", "report/tables",
    "report/sections", "report/figures", "report/words",
]  # fmt: skip
TWINS = (
    ("Stat.CONF_LOW", "Stat.CONF_HIGH"),
    ("Stat.P_VALUE", "Stat.P_ADJUSTED"),
    ("Stat.ESTIMATE", "Stat.HEDGES_G"),
    ("Stat.HEDGES_G_CONF_LOW", "Stat.HEDGES_G_CONF_HIGH"),
    ("Stat.N", "Stat.N_EXCLUDED"),
    ("Stat.EVENTS", "Stat.N_EVENTS"),
    ("Stat.MEAN", "Stat.MEDIAN"),
    ("Stat.SE", "Stat.SD"),
    ("Stat.Q1", "Stat.Q3"),
    ("Stat.DF_NUM", "Stat.DF_DEN"),
    ("Stat.RISK_RATIO", "Stat.ODDS_RATIO"),
    ("Stat.ATTENDED", "Stat.PRESCRIBED"),
    ("Response.CHANGE", "Response.FINAL"),
    ("Direction.LOWER", "Direction.HIGHER"),
    ("'value'", "'change'"),
    ("'conf_low'", "'conf_high'"),
)
"""Columns that stand beside each other and are of one type."""
SIBLINGS = ({"conf_low", "conf_high"}, {"low", "high"}, {"n", "events"}, {"fitted", "residuals"})
OTHER_ARM = {"reference": "experimental", "experimental": "reference"}
OTHER_VISIT = {"time_point": "baseline", "baseline": "time_point"}
EMPTY = {"note": '""', "notes": "()", "footnotes": "()"}
PLANNED_BY = {"specification", "asked", "plan"}


def glue_faults(rng: random.Random) -> Iterator[Fault]:
    """Without end: a kind, then one of its places, each kind as likely as the others."""
    by_kind: dict[str, list[tuple[Path, ast.AST, str]]] = {}
    defaults = _options_with_defaults()
    for module in modules_of(GLUE):
        for kind, node, text in _places(ast.parse(source_of(module)), defaults):
            by_kind.setdefault(kind, []).append((module, node, text))
    while True:
        kind = rng.choice(sorted(by_kind))
        module, node, text = rng.choice(by_kind[kind])
        fault = Fault(module=module, kind=kind, text=_replaced(source_of(module), node, text))
        if fault.is_real():
            yield fault


def _options_with_defaults() -> set[str]:
    """The fields of the specifications that have a default, by name."""
    found: set[str] = set()
    for path in (ROOT / "trialkit" / "protocol" / "methods").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.AnnAssign) and node.value is not None:
                found |= {node.target.id} if isinstance(node.target, ast.Name) else set()
    return found - {"method"}


def _places(tree: ast.Module, defaults: set[str]) -> Iterator[tuple[str, ast.AST, str]]:
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id=owner), attr=name) if (
                owner in PLANNED_BY and name in defaults
            ):
                yield "option ignored", node, f'{owner}.__dataclass_fields__["{name}"].default'
            case ast.BinOp(op=ast.Sub(), left=left, right=right):
                yield "sign", node, f"{ast.unparse(right)} - ({ast.unparse(left)})"
            case ast.UnaryOp(op=ast.USub(), operand=ast.Name() | ast.Call() | ast.Attribute()):
                yield "sign", node, ast.unparse(node.operand)
            case ast.Subscript(slice=ast.Constant(value=0)):
                yield "wrong arm", node.slice, "-1"
            case ast.Subscript(slice=ast.Slice(lower=ast.Constant(value=1), upper=None)):
                yield "wrong arm", node.slice, ":-1"
            case ast.Attribute(attr=name) if name in OTHER_VISIT:
                yield "wrong visit", node, f"{ast.unparse(node.value)}.{OTHER_VISIT[name]}"
            case ast.Name(id=name, ctx=ast.Load()) if name in OTHER_ARM and _knows(
                tree, OTHER_ARM[name]
            ):
                yield "wrong arm", node, OTHER_ARM[name]
            case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]):
                yield from _unselected(node, ast.unparse(left) + ast.unparse(right))
            case ast.Call():
                yield from _of_call(node)
            case ast.Tuple(elts=[first, second, *_], ctx=ast.Load()) if _owner(first) == _owner(
                second
            ):
                yield "columns swapped", first, ast.unparse(second)
        yield from _twins(node)


def _owner(node: ast.AST) -> str | None:
    """Of ``Stat.MEAN`` the ``Stat``; of anything else itself, which no other is."""
    return ast.unparse(node.value) if isinstance(node, ast.Attribute) else ast.dump(node)


def _unselected(node: ast.Compare, said: str) -> Iterator[tuple[str, ast.AST, str]]:
    """What selects an arm, a visit or a population selects another one."""
    for word, kind in (
        ("arm", "wrong arm"),
        ("visit", "wrong visit"),
        ("popul", "wrong population"),
    ):
        if word in said.lower():
            yield kind, node, f"{ast.unparse(node.left)} != {ast.unparse(node.comparators[0])}"


def _of_call(node: ast.Call) -> Iterator[tuple[str, ast.AST, str]]:
    for keyword in node.keywords:
        value = ast.unparse(keyword.value)
        if keyword.arg in EMPTY and value != EMPTY[keyword.arg]:
            yield "note dropped", keyword.value, EMPTY[keyword.arg]
        if keyword.arg in {"arm", "visit", "population"} and value != "''":
            yield f"wrong {keyword.arg}", keyword.value, "''"
    called = ast.unparse(node.func)
    if called.endswith(".population") and len(node.args) == 1:
        whole = called.removesuffix(".population")
        yield "wrong population", node, f"{whole}.populations[-1]"
    for first, second in zip(node.keywords, node.keywords[1:], strict=False):
        if {first.arg, second.arg} in SIBLINGS:
            one, other = ast.unparse(first.value), ast.unparse(second.value)
            yield "columns swapped", first.value, other
            yield "columns swapped", second.value, one


def _twins(node: ast.AST) -> Iterator[tuple[str, ast.AST, str]]:
    if isinstance(node, (ast.Attribute, ast.Constant)):
        said = ast.unparse(node)
        for one, other in TWINS:
            if said in {one, other}:
                yield "columns swapped", node, other if said == one else one


def _knows(tree: ast.Module, name: str) -> bool:
    return any(
        isinstance(node, (ast.Name, ast.arg))
        and name in {getattr(node, "id", ""), getattr(node, "arg", "")}
        for node in ast.walk(tree)
    )


def _replaced(source: str, node: ast.AST, text: str) -> str:
    """The source with one node written otherwise; columns of a tree count bytes."""
    lines = source.encode("utf-8").splitlines(keepends=True)
    at = [0]
    for line in lines:
        at.append(at[-1] + len(line))
    start = at[node.lineno - 1] + node.col_offset  # type: ignore[attr-defined]
    end = at[node.end_lineno - 1] + node.end_col_offset  # type: ignore[attr-defined]
    whole = b"".join(lines)
    return (whole[:start] + text.encode("utf-8") + whole[end:]).decode("utf-8")

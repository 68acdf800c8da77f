"""The shape of the code, kept by a test."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "trialkit"
MODULES = sorted(path for path in PACKAGE.rglob("*.py"))
LAYERS = (
    "errors", "protocol", "schemas", "store", "checks", "capture", "datasets", "analysis",
    "design", "report", "newtrial", "codebook", "pipeline", "verifying", "cli", "web",
)  # fmt: skip
NOT_BELOW = {
    "analysis": {"store", "checks", "capture", "schemas"},
    "report": {"store", "checks", "capture", "schemas"},
    "newtrial": {"report", "analysis", "datasets", "checks", "schemas", "protocol"},
}
ONLY_IN = {
    "pingouin": ("analysis/engines",),
    "statsmodels": ("analysis/engines",),
    "jinja2": ("report",),
    "matplotlib": ("report",),
    "docx": ("report",),
    "typst": ("report",),
    "pandera": ("schemas",),
    "sqlglot": ("schemas",),
    "rich": ("cli",),
    "duckdb": ("store/key_uniqueness",),
}
MAY_IMPORT_LATE = {"trialkit/__init__.py", "trialkit/cli/main.py"}
BANNED_NAMES = {"utils", "util", "helpers", "common", "base", "manager", "service", "handler"}

each_module = pytest.mark.parametrize(
    "path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix()
)


def imported(tree: ast.AST) -> Iterator[list[str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"relative import on line {node.lineno}"
            yield (node.module or "").split(".")


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@each_module
def test_imports_point_to_the_layers_above(path: Path) -> None:
    home = path.relative_to(PACKAGE).with_suffix("").parts[0]
    if home == "__init__":
        return
    allowed = set(LAYERS[: LAYERS.index(home) + 1]) - NOT_BELOW.get(home, set())
    for library, *inner in imported(parsed(path)):
        if library == "trialkit" and inner:
            assert inner[0] in allowed, f"{home} may not import {inner[0]}"


@each_module
def test_libraries_stay_where_they_belong(path: Path) -> None:
    place = path.relative_to(PACKAGE).as_posix()
    for library, *_ in imported(parsed(path)):
        if library in ONLY_IN:
            assert place.startswith(ONLY_IN[library]), f"{library} is imported in {place}"


@each_module
def test_imports_stand_at_the_top(path: Path) -> None:
    if path.relative_to(PACKAGE.parent).as_posix() in MAY_IMPORT_LATE:
        return
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert not list(imported(node)), f"{node.name} imports inside its body"


@each_module
def test_a_package_is_not_imported_by_its_own_modules(path: Path) -> None:
    """Its modules may be: ``from trialkit.checks import wording`` names a module, not the package."""
    package = ".".join(["trialkit", *path.relative_to(PACKAGE).parts[:-1]])
    if path.name != "__init__.py" and package != "trialkit":
        assert package not in internal_imports(path), f"{path.name} imports its own package"


@each_module
def test_modules_are_named_for_a_concept(path: Path) -> None:
    assert path.stem not in BANNED_NAMES


@each_module
def test_every_module_says_what_it_is(path: Path) -> None:
    text = ast.get_docstring(parsed(path))
    assert text
    assert "TODO" not in text


def test_no_module_imports_itself_in_a_circle() -> None:
    graph = {name_of(path): internal_imports(path) for path in MODULES}
    done: set[str] = set()
    for start in graph:
        walk(start, graph, [], done)


def walk(name: str, graph: dict[str, set[str]], above: list[str], done: set[str]) -> None:
    assert name not in above, " -> ".join([*above, name])
    if name in done or name not in graph:
        return
    for target in sorted(graph[name]):
        walk(target, graph, [*above, name], done)
    done.add(name)


def name_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def internal_imports(path: Path) -> set[str]:
    """Top-level imports of the package's own modules; those for type checkers alone do not run."""
    names: set[str] = set()
    known = {name_of(each) for each in MODULES}
    for node in parsed(path).body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("trialkit"):
            submodules = {f"{node.module}.{alias.name}" for alias in node.names} & known
            names |= submodules or {node.module or ""}
    return names - {"trialkit"}

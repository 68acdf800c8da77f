"""One fault in one module, with where it stands."""

import ast
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A module's text with something wrong in it."""

    module: Path
    """From the project's root."""
    kind: str
    text: str

    def lines(self) -> list[int]:
        """The numbers, in the module as it was, of the lines that differ."""
        before, after = source_of(self.module).splitlines(), self.text.splitlines()
        found: list[int] = []
        for tag, first, last, _, _ in SequenceMatcher(
            None, before, after, autojunk=False
        ).get_opcodes():
            if tag != "equal":
                found += range(first + 1, max(last, first + 1) + 1)
        return found

    def said(self) -> str:
        """The place, and the lines before and after."""
        before, after = source_of(self.module).splitlines(), self.text.splitlines()
        told = [f"{self.module}:{min(self.lines())} ({self.kind})"]
        for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
            if tag != "equal":
                told += [f"  - {line.strip()}" for line in before[a:b]]
                told += [f"  + {line.strip()}" for line in after[c:d]]
        return "\n".join(told)

    def is_real(self) -> bool:
        """Whether Python reads it, and reads something else than before.

        A docstring, the layout, a decorator's flags (``slots``, ``kw_only``) and whether an argument
        may be given by place count for nothing: no caller sees them.
        """
        try:
            changed = ast.parse(self.text)
        except SyntaxError:
            return False
        before = ast.parse(source_of(self.module))
        return ast.dump(_what_counts(changed)) != ast.dump(_what_counts(before))


def source_of(module: Path) -> str:
    return (ROOT / module).read_text(encoding="utf-8")


def modules_of(rooms: list[str]) -> list[Path]:
    """The modules of some rooms of the package, ``report/tables`` or ``planned``, in order."""
    found = [
        path.relative_to(ROOT)
        for room in rooms
        for path in sorted((ROOT / "trialkit" / room).rglob("*.py"))
    ]
    return [path for path in found if path.name != "__init__.py"]


def _what_counts(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(node, ast.ClassDef):
            node.decorator_list = []
        if isinstance(node, ast.arguments):
            node.args = [*node.posonlyargs, *node.args, *node.kwonlyargs]
            node.defaults = [*node.defaults, *filter(None, node.kw_defaults)]
            node.posonlyargs, node.kwonlyargs, node.kw_defaults = [], [], []
        if isinstance(body, list):
            node.body = [each for each in body if not _is_words(each)]  # type: ignore[attr-defined]
    return tree


def _is_words(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )

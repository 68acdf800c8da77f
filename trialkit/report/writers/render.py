"""Content becomes one self-contained page; templates place strings and compute nothing."""

from collections.abc import Callable, Iterable
from pathlib import Path

from jinja2 import (
    BytecodeCache,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
)
from jinja2.bccache import Bucket
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from trialkit.errors import ReportError
from trialkit.printable import fit_for_xml
from trialkit.report.content.checklists import RowStatus
from trialkit.report.content.content import Content
from trialkit.report.lettering.line_breaks import IN_PARENTHESES, SHORT
from trialkit.report.writers.template_folder import PAGE, find_templates

STATUS_SHOWN = tuple(RowStatus)


class CompiledTemplates(BytecodeCache):
    """Templates as they were compiled: a run renders several pages, and a program many runs.

    jinja2 keeps the digest of the source beside it: a template that changed is compiled anew.
    """

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give what was compiled, if it was."""
        kept = self._kept.get(bucket.key)
        if kept is not None:
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._kept[bucket.key] = bucket.bytecode_to_string()


_OURS = CompiledTemplates()
"""Templates of our own alone: those from elsewhere are compiled for the sandbox."""


def render_html(content: Content, templates: Path) -> str:
    """The report as one HTML file that loads nothing: styles and drawings stand inside it.

    ``templates`` is the folder that holds ``report.html.j2``. Raises :class:`ReportError` when it
    does not, or when a template asks for what the content does not have.
    """
    environment = page_environment(templates)
    environment.globals["trace_of"] = _traces(content)
    try:
        page = environment.get_template(PAGE)
        return page.render(content=content, counts=_counts(content))
    except TemplateError as error:
        raise ReportError(
            f"the report cannot be rendered with the templates in {templates}: "
            f"{type(error).__name__}: {error}"
        ) from error


def _traces(content: Content) -> Callable[[Iterable[str], str], str]:
    """What gives the anchor of the trace of some results, or of a dataset; none is blank."""
    anchors = {(each.results, each.dataset): each.anchor for each in content.traces}
    return lambda results, dataset: anchors.get((tuple(results), dataset), "")


def page_environment(templates: Path) -> Environment:
    """The environment of the templates: strings are escaped, unknown names are errors.

    For templates from elsewhere it is a sandbox, in which they can place words and do nothing else;
    our own need none, and are rendered in half the time.
    """
    ours = templates.resolve().is_relative_to(find_templates().parent.resolve())
    kind = Environment if ours else ImmutableSandboxedEnvironment
    environment = kind(
        loader=FileSystemLoader(templates),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_printable,
        bytecode_cache=_OURS if ours else None,
    )
    environment.filters["unbroken"] = unbroken
    return environment


def unbroken(text: str) -> Markup:
    """A cell's text in which numbers that belong together stay on one line.

    A short text stays whole; of a longer one, what stands in parentheses does.
    """
    if len(text) <= SHORT:
        return Markup('<span class="unbroken">{}</span>').format(fit_for_xml(text))
    pieces = IN_PARENTHESES.split(fit_for_xml(text))
    return Markup("").join(
        Markup('<span class="unbroken">{}</span>').format(piece) if number % 2 else escape(piece)
        for number, piece in enumerate(pieces)
    )


def _printable(value: object) -> object:
    """Text without the characters that HTML forbids; everything else as it is."""
    return fit_for_xml(value) if type(value) is str else value


def _counts(content: Content) -> tuple[tuple[RowStatus, int], ...]:
    """How many rows of the checklist have each status."""
    return tuple((status, content.checklist.count(status)) for status in STATUS_SHOWN)

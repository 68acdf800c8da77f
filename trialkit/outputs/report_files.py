"""The report as files: its documents, its drawings, its checklist and its manifest."""

from collections.abc import Mapping

from trialkit.outputs.labelling import labelled_csv
from trialkit.outputs.names import FIGURES, MANIFEST, REPORT
from trialkit.outputs.results_files import results_files
from trialkit.report.guidelines.checklist import checklists_frame
from trialkit.report.lint.section import lint_frame
from trialkit.steps.stages import Published


def files_of(published: Published) -> dict[str, bytes]:
    """The results and the report, by their names in the output folder, without the manifest.

    The listing of findings is not among them: it changes with the queries.
    """
    written, drawings = _written(published), _drawings(published)
    return results_files(published.analysed) | written | drawings


def report_files(published: Published, results: Mapping[str, bytes]) -> dict[str, bytes]:
    """The report, and a manifest that holds the hash of each of its files and of ``results``.

    The manifest comes before the drawings: where they are, it is.
    """
    written, drawings = _written(published), _drawings(published)
    hashed = {**results, **written, **drawings}
    manifest = published.manifest.with_documents(hashed.items())
    return written | {MANIFEST: manifest.to_json().encode()} | drawings


def _written(published: Published) -> dict[str, bytes]:
    content = published.content
    checklist = labelled_csv(checklists_frame(content.checklists), "note", content.synthetic)
    return {
        **{_placed(each.file): each.data for each in published.documents},
        "checklist.csv": checklist,
        "lint.csv": labelled_csv(lint_frame(content.lint), "found", content.synthetic),
    }


def _drawings(published: Published) -> dict[str, bytes]:
    figures = published.content.figures
    return {_placed(f"{FIGURES}/{each.name}.svg"): each.svg.encode() for each in figures}


def _placed(file: str) -> str:
    """The flow diagram stands beside the report, every other drawing in its folder."""
    name = file.removeprefix(f"{FIGURES}/")
    return name if name in REPORT else file

"""Where the templates of the report and of the pages are."""

from importlib.resources import files
from pathlib import Path

from trialkit.disk.reading import reading
from trialkit.errors import ReportError

PAGE = "report.html.j2"


def template_text(templates: Path, name: str) -> str:
    """A template of the folder. Raises :class:`DataFileError` for one that cannot be read."""
    with reading(templates / name):
        return (templates / name).read_text(encoding="utf-8")


def find_templates() -> Path:
    """The folder of the report's templates: in the installed package, else in the checkout.

    Raises :class:`ReportError` when it is in neither, which is a broken installation.
    """
    package = Path(str(files("trialkit")))
    places = (package / "templates" / "reports", package.parent / "templates" / "reports")
    for place in places:
        if (place / PAGE).is_file():
            return place
    listed = " or ".join(str(place) for place in places)
    raise ReportError(f"the templates of the report are not in {listed}; install trialkit again")

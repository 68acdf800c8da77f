"""Debian's chromium, and the pages of both example trials as a run writes them."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.conftest import EXAMPLE, THREE_ARMS
from trialkit.pipeline import run_trial
from trialkit.protocol.trial.reporting import ReportFormat
from trialkit.report.writers.editions import Edition

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TRIALS = {"example": EXAMPLE, "three_arms": THREE_ARMS}


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser; that there is none is a failure that says how to get one."""
    executable = shutil.which("chromium")
    if executable is None:
        pytest.fail("chromium is not installed: apt-get install chromium", pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The HTML pages of both trials, by trial and file."""
    found = {}
    for name, folder in TRIALS.items():
        out = tmp_path_factory.mktemp(name)
        run_trial(folder, out=out, edition=Edition(formats=(ReportFormat.HTML,)))
        found |= {f"{name}/{page.name}": page for page in out.glob("*.html")}
    return found

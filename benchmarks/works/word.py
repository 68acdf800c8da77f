"""The Word file of the example, with the pictures that it takes, beyond composing the report.

Older trees draw figures while they compose, this one when a file takes them: so they are drawn for
both sides of the difference.
"""

import time

from line import Edition, ReportFormat, analyse, example, open_trial, publish, validate
from telling import tell_seconds


def seconds(edition: object) -> float:
    """CPU seconds of one publication, its figures drawn."""
    start = time.process_time()
    published = publish(analysed, edition=edition)
    for figure in published.content.figures:
        len(figure.svg)
    return time.process_time() - start


analysed = analyse(validate(open_trial(example())), allow_hard=True)
bare, word = Edition(formats=()), Edition(formats=(ReportFormat.WORD,))
spent = [(seconds(bare), seconds(word)) for _ in range(6)]
tell_seconds(min(each for _, each in spent) - min(each for each, _ in spent))

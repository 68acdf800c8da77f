"""An anchor is a whole hash, typed as people type; it is that of the manifest, its code, or neither."""

from datetime import date

import pytest

from trialkit.errors import DataFileError
from trialkit.report.content.manifest import code_of, sha256
from trialkit.verifying.anchor import Anchored, anchored, not_anchored
from trialkit.verifying.recorded import Recorded

CONTENT = b'{"data": [], "documents": [1]}'
RECORDED = Recorded(
    inputs={}, outputs={}, versions={}, data_cut=date(2025, 1, 1), draft=False, style=None,
    reference="", content=CONTENT,
)  # fmt: skip
CODE = code_of({"data": []})


def test_an_anchor_is_that_of_the_manifest_or_its_code() -> None:
    assert anchored(sha256(CONTENT), RECORDED) is Anchored.MANIFEST
    assert anchored(CODE, RECORDED) is Anchored.CODE
    assert anchored("a" * 64, RECORDED) is None
    in_groups = " ".join(CODE.upper()[at : at + 8] for at in range(0, 64, 8))
    assert anchored(f" {in_groups}\n", RECORDED) is Anchored.CODE
    assert CODE in not_anchored(RECORDED).text
    assert sha256(CONTENT) in not_anchored(RECORDED).text


@pytest.mark.parametrize("wrong", ["", "abc", CODE[:-1], CODE + "0", "g" * 64, "\x1b[31m"])
def test_a_part_of_a_hash_is_refused(wrong: str) -> None:
    with pytest.raises(DataFileError, match="expected the 64 hexadecimal digits") as error:
        anchored(wrong, RECORDED)
    assert "\x1b" not in str(error.value)

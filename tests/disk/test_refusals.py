"""What stands in the way is said in words that name what to do."""

import errno

import pytest

from trialkit.disk.refusals import REASONS, refusal, why


@pytest.mark.parametrize("number", REASONS)
def test_a_reason_is_one_line_that_says_what_to_do(number: int) -> None:
    said = why(OSError(number, "what the system says"))
    assert said == REASONS[number]
    assert "\n" not in said
    assert "; " in said
    assert "what the system says" not in said


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (PermissionError(errno.EACCES, "x"), "permission denied"),
        (IsADirectoryError(errno.EISDIR, "x"), "it is a folder"),
        (NotADirectoryError(errno.ENOTDIR, "x"), "a folder is needed where a file is"),
        (FileExistsError(errno.EEXIST, "x"), "a folder is needed where a file is"),
        (OSError(errno.ENODEV, "No such device"), "No such device"),
        (OSError(), "OSError"),
    ],
)
def test_what_has_a_class_of_its_own_and_what_is_not_known(error: OSError, words: str) -> None:
    assert words in why(error)


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("underlying IO error: No space left on device (os error 28)", 28),
        ("IO_ENOSPC", errno.ENOSPC),
        ("IO_EIO", errno.EIO),
        ("IO_ENOTHING", 0),
        ("28 spaces", None),
    ],
)
def test_libraries_say_in_words_of_their_own_what_the_system_said(
    said: str, number: int | None
) -> None:
    found = refusal(RuntimeError(said))
    assert (found.errno if found else None) == number
    own = OSError(errno.EIO, "x")
    assert refusal(own) is own

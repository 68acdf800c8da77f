"""Two histories of the same queries, that of a file and that of a log, and how far they are one."""

from collections import Counter
from dataclasses import dataclass

from trialkit.checks.queries.queries import Event, Happening, Queries
from trialkit.grammar import counted

_BY_PEOPLE = (
    Happening.ANSWERED, Happening.COMMENTED, Happening.APPLIED, Happening.DISMISSED,
)  # fmt: skip
"""What no validation finds again."""
_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoHistories:
    """What a file and a log tell; lines are only ever added, so that one goes on with the other, or neither."""

    file: Queries
    log: Queries

    @property
    def shared(self) -> int:
        """With how many lines both begin alike."""
        both = zip(self.file.history, self.log.history, strict=False)
        return next(
            (number for number, (one, other) in enumerate(both) if one != other),
            min(len(self.file.history), len(self.log.history)),
        )

    @property
    def only_in_file(self) -> tuple[Event, ...]:
        """The lines of the file from where they are not those of the log."""
        return self.file.history[self.shared :]

    @property
    def have_parted(self) -> bool:
        """Whether each has lines that the other has not."""
        return bool(self.only_in_file) and self.shared < len(self.log.history)

    @property
    def way_on(self) -> str:
        """What can be done where they have parted: the log goes on, the file is kept, people's words are entered."""
        said = [each for each in self.only_in_file if each.event in _BY_PEOPLE]
        kinds = Counter(each.event for each in said)
        listed = ", ".join(counted(kinds[each], f"line {each.value!r}", f"lines {each.value!r}")
                           for each in _BY_PEOPLE if kinds[each])  # fmt: skip
        keys = list(dict.fromkeys(each.query_key for each in said))
        more = f" and {len(keys) - _NAMED:,} more" if len(keys) > _NAMED else ""
        enter = (
            f", and enter anew what people said in the file alone ({listed}, of "
            f"{', '.join(keys[:_NAMED])}{more}): trialkit store query TRIAL answer, comment or close"
            if said
            else "; nobody said anything in it that the log does not have"
        )
        return (
            f"queries/history.csv and the log have both gone on since line {self.shared:,} of the history, and "
            "nothing was written. Go on with the log: move the folder queries/ away and keep it, call "
            f"'trialkit store query TRIAL check', which asks what the data have{enter}"
        )

"""``outcomes.py OUTCOMES TIMES FOLDER``: datasets and analyses of a trial with many outcomes."""

import sys
from pathlib import Path

from line import analyse, many_outcomes, open_trial, validate
from telling import tell

folder = Path(sys.argv[3])
many_outcomes(folder, outcomes=int(sys.argv[1]), times=int(sys.argv[2]))
validated = validate(open_trial(folder))
tell(lambda: analyse(validated, allow_hard=True), times=2)

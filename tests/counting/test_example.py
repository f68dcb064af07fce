"""The example election is what its script makes, and its declared rule gives its outcome."""

import subprocess
import sys

from partizipation_core.counting import Election
from partizipation_core.counting.official import Agreement, check


def test_the_script_makes_the_file(root):
    folder = root / "examples" / "elections"
    script = str(folder / "musterstadt.py")
    made = subprocess.run([sys.executable, script], capture_output=True, check=True).stdout

    assert made == (folder / "musterstadt_2026.pb").read_bytes()


def test_it_is_sound_and_reproduced(root):
    election = Election.from_pb(root / "examples" / "elections" / "musterstadt_2026.pb")

    assert (len(election.projects), election.num_votes) == (12, 312)
    assert election.findings == ()
    assert check(election).agreement is Agreement.REPRODUCED

"""A big letter leaves no trace in the memory of a process that reads on for months."""

import subprocess
import sys
from pathlib import Path

from tests.absent import left_out
from tests.processes import ROOT

MEGABYTE = 1024 * 1024
# glibc learns from the first one to take the others from its heap, where the small blocks pin them
LETTERS = """
from pathlib import Path
from mailbot.memory import return_big_blocks

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

return_big_blocks()
before = resident()
bytes(24 * 1024 * 1024)
letters = []
for number in range(3):
    letters.append((bytearray(b"x") * (20 * 1024 * 1024), bytearray(5000)))
kept = [small for _, small in letters]
del letters
print(resident() - before)
"""


def test_what_big_letters_took_goes_back_to_the_system() -> None:
    if not Path("/proc/self/statm").exists():
        left_out("Resident memory is measured in /proc, which Linux has")
    done = subprocess.run(
        [sys.executable, "-c", LETTERS], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < 8 * MEGABYTE

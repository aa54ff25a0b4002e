"""How long a question takes from a cold start, as ratios against ``python -c "import rdflib"`` in one run.

Whole processes, warmed up, medians, in turns so that a busy moment of the machine meets all of them, and the memory
of the largest process. The aim is 1.0 times at most, on the graph of all statements.

Run ``python benchmarks/ask.py [--runs 15]``.
"""

import argparse
import statistics
import sys
from pathlib import Path

from prettytable import PrettyTable

sys.path.insert(0, str(Path(__file__).parent))
from processes import timed

PROGRAM = [sys.executable, "-m", "il2kg"]
QUERY = str(Path(__file__).parents[1] / "queries" / "questions" / "incidence.rq")
COMMANDS = {
    'python -c "import rdflib"': [sys.executable, "-c", "import rdflib"],
    "il2kg ask, JSON": [*PROGRAM, "ask", "what manages oliguria", "--format", "json"],
    "il2kg ask, table": [*PROGRAM, "ask", "what manages oliguria"],
    "il2kg ask, with slips of typing": [*PROGRAM, "ask", "waht manages oligura", "--format", "json"],
    "il2kg query FILE, CSV": [*PROGRAM, "query", QUERY, "--format", "csv"],
    "python -c pass": [sys.executable, "-c", "pass"],
}


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=15)
    runs = parser.parse_args().runs
    turns = [{name: timed(command) for name, command in COMMANDS.items()} for _ in range(runs + 1)][1:]
    table = PrettyTable(["what", "seconds", "MiB", "ratio"], align="l")
    (baseline, *_) = COMMANDS
    medians = {name: statistics.median(turn[name][0] for turn in turns) for name in COMMANDS}
    for name, seconds in medians.items():
        memory = max(turn[name][1] for turn in turns)
        table.add_row([name, f"{seconds:.3f}", f"{memory:.0f}", f"{seconds / medians[baseline]:.2f}"])
    print(table)


if __name__ == "__main__":
    main()

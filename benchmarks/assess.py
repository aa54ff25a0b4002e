"""How long an assessment takes, as ratios against named baselines in one run.

Two questions, each with whole processes, warmed up, medians, and the memory of the largest process:

* one record: ``il2kg assess`` against ``python -c "import pyshacl"``; the aim is 2.5 times at most;
* a thousand five-day records in one call, per record, against validating the same snapshots with pySHACL, one by one,
  shapes parsed once; the aim is 50 times faster. pySHACL is timed on a sample, for it takes long.

Run ``python benchmarks/assess.py [--records 1000] [--sample 20] [--runs 5]``.
"""

import argparse
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path

import pyshacl
from prettytable import PrettyTable
from rdflib import Graph

from il2kg.bulk import load_engine
from il2kg.engine import Request

sys.path.insert(0, str(Path(__file__).parent))
from processes import MIB, median, timed
from records import write_records


def pyshacl_per_record(paths: list[Path]) -> tuple[float, float]:
    """Median seconds that pySHACL takes for the snapshot of a record, and this process's memory."""
    engine = load_engine()
    shapes = Graph().parse(data=engine.shapes, format="turtle")
    snapshots = [engine.snapshot(named, Request()) for path in paths for named in engine.read(path)]
    took = []
    for snapshot in [snapshots[0], *snapshots]:
        before = time.perf_counter()
        pyshacl.validate(Graph().parse(data=snapshot, format="turtle"), shacl_graph=shapes)
        took.append(time.perf_counter() - before)
    return statistics.median(took[1:]), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MIB


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("--records", 1000), ("--sample", 20), ("--runs", 5)):
        parser.add_argument(name, type=int, default=default)
    options = parser.parse_args()
    program = [sys.executable, "-m", "il2kg", "assess", "--format", "json"]
    with tempfile.TemporaryDirectory() as folder:
        paths = write_records(Path(folder), options.records)
        one = median(lambda: timed([*program, str(paths[0])]), options.runs)
        imported = median(lambda: timed([sys.executable, "-c", "import pyshacl"]), options.runs)
        many = median(lambda: timed([*program, *map(str, paths)]), max(1, options.runs // 2))
        reference = pyshacl_per_record(paths[: options.sample])
    per_record = many[0] / options.records
    table = PrettyTable(["what", "seconds", "MiB", "ratio"], align="l")
    table.add_row(['python -c "import pyshacl"', f"{imported[0]:.3f}", f"{imported[1]:.0f}", "1"])
    table.add_row(["il2kg assess, one record", f"{one[0]:.3f}", f"{one[1]:.0f}", f"{one[0] / imported[0]:.2f}"])
    table.add_row(["pySHACL, one snapshot", f"{reference[0]:.4f}", f"{reference[1]:.0f}", "1"])
    one_of_many = f"il2kg assess, one of {options.records} records"
    table.add_row([one_of_many, f"{per_record:.4f}", f"{many[1]:.0f}", f"1/{reference[0] / per_record:.0f}"])
    print(table)


if __name__ == "__main__":
    main()

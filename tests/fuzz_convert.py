"""Long fuzzing of conversion: ``python -m tests.fuzz_convert --records 100000``.

Bundles in which anything may be wrong are written in each format and read again: the records must be the same. Prints
what failed, with the seed that makes it again, and the counts; exit code 1 if anything failed.
"""

import argparse
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from random import Random

from il2kg.errors import RecordError
from tests.bundles import patients
from tests.converting.odd import odd_bundle
from tests.converting.rewriting import REWRITINGS, records_of

_BATCH = 128


def convert_seeds(begin: int, end: int) -> tuple[Counter[str], list[str]]:
    """How many patients of some seeds came through each format, and what failed."""
    counts, failures = Counter[str](), list[str]()
    for seed in range(begin, end):
        try:
            found = list(patients(odd_bundle(Random(seed))))
        except RecordError:
            counts["unusable"] += 1
            continue
        expected = records_of(found)
        for form, rewritten in REWRITINGS.items():
            try:
                if records_of(rewritten(found)) == expected:
                    counts[form] += len(expected)
                else:
                    failures.append(f"seed {seed}: another record by way of {form}")
            except Exception as error:  # what the fuzzing is for
                failures.append(f"seed {seed}: {form}: {error!r}")
    return counts, failures


def main() -> None:
    """Fuzz from the command line."""
    parser = argparse.ArgumentParser(description="Fuzz the way into other formats and back.")
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0, help="the first seed")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    last = options.seed + options.records
    begins = range(options.seed, last, _BATCH)
    counts, failed = Counter[str](), 0
    with ProcessPoolExecutor(options.workers) as pool:
        for found, failures in pool.map(convert_seeds, begins, (min(begin + _BATCH, last) for begin in begins)):
            counts += found
            failed += len(failures)
            for failure in failures:
                print(failure, flush=True)
    print(f"{dict(counts)}; {failed} failures")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()

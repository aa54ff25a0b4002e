"""Long fuzzing of the whole way from FHIR to a decision: ``python -m tests.fuzz --records 1000000``.

Half of the records are clean but for one planted item that bears on a criterion: none may come to `administer`. The
others hold anything: the evaluators must agree on them, and each decision keep to its range. Prints what failed, with
the seed that makes it again, and the counts; exit code 1 if anything failed.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from random import Random

from il2kg.bulk import load_engine
from il2kg.engine import NamedRecord
from il2kg.errors import EvaluatorDisagreement, RecordError
from il2kg.request import instant_of
from tests.bundles import Resource, administration, bundle, finding, measurement, patients
from tests.planting import GUIDELINE, REQUEST, ago, bearing, clean, plant

_BATCH = 128


@dataclass(frozen=True)
class Outcome:
    """What came of some seeds: how many of each decision, and what failed."""

    decisions: Counter[str]
    failures: list[str]


def anything(random: Random) -> Resource:
    """A resource of any time, value and statement."""
    start, length = random.uniform(-4, 120), random.choice((0, 1, 4, 12, 60))
    match random.randrange(5):
        case 0:
            return finding(random.choice(list(GUIDELINE.findings)), random.random() < 0.4, ago(start))
        case 1:
            observable = random.choice([o for o in GUIDELINE.observables.values() if o.plausible and o.count is None])
            low, high = (float(bound) for bound in observable.plausible or (0, 0))
            value = round(random.uniform(low, high), random.choice((0, 1, 2)))
            found = measurement(observable.id, value, observable.unit, ago(start))
            if observable.collected and random.random() < 0.7:
                del found["effectiveDateTime"]
                found["effectivePeriod"] = {"start": ago(start + length), "end": ago(start)}
            return found
        case 2:
            name = random.choice(list(GUIDELINE.treatments))
            rate = random.choice((None, 0.5, 0.8, 1.5, 4, 6))
            return administration(name, ago(start), ago(start - length) if length else None, rate)
        case 3:
            return administration(GUIDELINE.series[0].treatment, ago(8 * round(start / 8)))
        case _:
            return plant(random)


def _spoilt(random: Random, found: Resource) -> Resource:
    """The resource with something gone, or of another type."""
    if random.random() < 0.8:
        return found
    name = random.choice(sorted(found))
    return {**found, name: random.choice((None, [], {}, "", 7, "2026-03-05T10:00:00", {"reference": "x"}))}


def record(seed: int) -> tuple[list[Resource], bool]:
    """The resources of a seed, and whether they hold a planted item that must be seen."""
    random = Random(seed)
    if seed % 2:
        return [*clean(), plant(random)], True
    base = clean() if random.random() < 0.5 else []
    return [*base, *(_spoilt(random, anything(random)) for _ in range(random.randint(1, 12)))], False


def assess_seeds(begin: int, end: int) -> Outcome:
    """Assess the records of some seeds with both evaluators."""
    engine = load_engine()
    found = Outcome(Counter(), [])
    named: list[NamedRecord] = []
    planted: list[bool] = []
    seeds: list[int] = []
    for seed in range(begin, end):
        resources, must_be_seen = record(seed)
        try:
            for one in engine.named(patients(bundle(resources), f"seed {seed}")):
                instant_of(one.record, REQUEST)
                if one.record.patient == "Patient/p1":
                    named.append(one)
                    planted.append(must_be_seen)
                    seeds.append(seed)
        except RecordError:
            found.decisions["unusable"] += 1
        except Exception as error:  # what the fuzzing is for
            found.failures.append(f"seed {seed}: {error!r}")
    for seed, must_be_seen, outcome in zip(seeds, planted, engine.assess(named, REQUEST), strict=True):
        if isinstance(outcome, EvaluatorDisagreement):
            found.failures.append(f"seed {seed}: {outcome}")
            continue
        found.decisions[outcome.decision] += 1
        if must_be_seen and outcome.decision == "administer":
            found.failures.append(f"seed {seed}: unsafe administer: {record(seed)[0][-1]}")
    return found


def run(records: int, first: int, workers: int) -> Iterator[Outcome]:
    """The outcomes of many seeds, over some processes."""
    begins = range(first, first + records, _BATCH)
    ends = (min(begin + _BATCH, first + records) for begin in begins)
    bearing()
    if workers == 1:
        yield from map(assess_seeds, begins, ends)
        return
    with ProcessPoolExecutor(workers) as pool:
        yield from pool.map(assess_seeds, begins, ends)


def main() -> None:
    """Fuzz from the command line."""
    parser = argparse.ArgumentParser(description="Fuzz the way from FHIR to a decision.")
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0, help="the first seed")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    decisions: Counter[str] = Counter()
    failures = 0
    for outcome in run(options.records, options.seed, options.workers):
        decisions += outcome.decisions
        failures += len(outcome.failures)
        for failure in outcome.failures:
            print(failure, flush=True)
    print(f"{sum(decisions.values())} records: {dict(decisions)}; {failures} failures")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()

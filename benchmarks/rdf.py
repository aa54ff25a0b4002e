"""What reading RDF costs, as ratios against reading the same records as FHIR JSON, in one run.

* reading: five-day records of some 250 resources as FHIR JSON, as FHIR RDF in the style of R4 and of R5 (Turtle), and
  as the patient graph (Turtle and N-Quads): processor time of the reader alone, medians, warmed up;
* ``il2kg assess`` of one such record, as a whole process, in each form;
* a large N-Quads file of many patients, a graph each: seconds, megabytes a second, and the largest process's memory
  against that of a file ten times smaller.

Run ``python benchmarks/rdf.py [--records 8] [--runs 5] [--megabytes 10 100]``.
"""

import argparse
import statistics
import sys
import tempfile
import time
from decimal import Decimal
from pathlib import Path

import msgspec
from prettytable import PrettyTable

from il2kg.bulk import load_engine
from il2kg.choices import Converted
from il2kg.write.documents import document

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]
from processes import median, timed
from records import write_records

from tests.fhir_rdf_writer import Style, as_turtle

_ASSESS = [sys.executable, "-m", "il2kg", "assess", "--format", "json"]


def forms(folder: Path, records: int) -> dict[str, list[Path]]:
    """The same records in each form."""
    paths = write_records(folder, records)
    found = {"FHIR JSON": paths}
    decode = msgspec.json.Decoder(float_hook=Decimal).decode
    for style in Style:
        found[f"FHIR RDF, {style.name}"] = [
            _written(path.with_suffix(f".{style.name}.ttl"), as_turtle(decode(path.read_bytes()), style).encode())
            for path in paths
        ]
    kinds: tuple[Converted, ...] = ("ttl", "nq")
    for suffix in kinds:
        found[f"patient graph, {suffix}"] = [
            _written(path.with_suffix(f".{suffix}"), b"".join(converted([path], suffix))) for path in paths
        ]
    return found


def converted(paths: list[Path], form: Converted) -> list[bytes]:
    """Records as the patient graph."""
    engine = load_engine()
    patients = (patient for path in paths for patient in engine.patients(path))
    return list(document(patients, form, engine.reader.records.concepts, engine.tables))


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def reading(paths: list[Path], runs: int) -> float:
    """Median seconds of the processor to read a record."""
    engine = load_engine()
    took = []
    for _ in range(runs + 1):
        before = time.process_time()
        for path in paths:
            for _ in engine.read(path):
                pass
        took.append((time.process_time() - before) / len(paths))
    return statistics.median(took[1:])


def large(folder: Path, megabytes: int) -> Path:
    """N-Quads of many patients of about a size."""
    template = b"".join(converted(write_records(folder, 1), "nq"))
    path = folder / f"large-{megabytes}.nq"
    with path.open("wb") as file:
        for number in range(max(1, megabytes * 1_000_000 // len(template))):
            file.write(template.replace(b"b0", b"p%d" % number))
    return path


def main() -> None:
    """Measure and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=8)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--megabytes", type=int, nargs="*", default=[10, 100])
    options = parser.parse_args()
    table = PrettyTable(
        ["form", "ms to read a record", "times JSON", "s to assess one", "times JSON's", "MiB"], align="l"
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        base: tuple[float, float] | None = None
        for form, paths in forms(folder, options.records).items():
            read = reading(paths, options.runs)
            whole, memory = median(lambda path=paths[0]: timed([*_ASSESS, str(path)]), options.runs)
            base = base or (read, whole)
            ratios = (f"{read / base[0]:.1f}", f"{whole / base[1]:.2f}")
            table.add_row([form, f"{read * 1000:.1f}", ratios[0], f"{whole:.2f}", ratios[1], f"{memory:.0f}"])
        print(table)
        for megabytes in options.megabytes:
            seconds, memory = timed([*_ASSESS, str(large(folder, megabytes))])
            print(f"N-Quads, {megabytes} MB: {seconds:.1f} s, {megabytes / seconds:.1f} MB/s, {memory:.0f} MiB")


if __name__ == "__main__":
    main()

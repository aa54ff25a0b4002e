"""How much memory large sources take, and how fast they are read.

Makes files of 10 MB, 100 MB and 1 GB in a temporary folder: NDJSON in which the items of each patient are spread over
the whole file, the same as a folder of one gzipped file a resource type, and a Bundle; and assesses each with
``il2kg assess``. Prints the peak of the largest process and of all together (proportional set size; Linux only), the
seconds, and megabytes of JSON a second.

Run ``python benchmarks/memory.py [--megabytes 10 100 1000] [--forms ndjson folder bundle]``.
"""

import argparse
import gzip
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from prettytable import PrettyTable

sys.path.insert(0, str(Path(__file__).parent))
from processes import MIB
from records import record

_TEMPLATES = 40
_POLL = 0.2


def lines(size: int) -> Iterator[tuple[str, bytes]]:
    """Type and JSON of resources, of about ``size`` bytes together: the first of every patient, then the second, ..."""
    templates = [[entry["resource"] for entry in record(number)["entry"]] for number in range(_TEMPLATES)]
    texts = [[(r["resourceType"], json.dumps(r).replace(f"b{n}", "%P")) for r in t] for n, t in enumerate(templates)]
    patients = max(1, round(size / (sum(len(text) for t in texts for _, text in t) / _TEMPLATES)))
    for position in range(max(map(len, texts))):
        for patient in range(patients):
            template = texts[patient % _TEMPLATES]
            if position < len(template):
                kind, text = template[position]
                yield kind, text.replace("%P", f"b{patient}").replace('"id": "i', f'"id": "{patient}-').encode()


def write(folder: Path, form: str, size: int) -> Path:
    """Write a source of a form; its path."""
    if form == "ndjson":
        path = folder / "shuffled.ndjson"
        with path.open("wb") as file:
            file.writelines(line + b"\n" for _, line in lines(size))
    elif form == "bundle":
        path = folder / "bundle.json"
        with path.open("wb") as file:
            file.write(b'{"resourceType": "Bundle", "type": "collection", "entry": [')
            for number, (_, line) in enumerate(lines(size)):
                file.write((b", " if number else b"") + b'{"resource": ' + line + b"}")
            file.write(b"]}")
    else:
        path = folder / "export"
        path.mkdir()
        with ExitStack() as opened:
            files: dict[str, gzip.GzipFile] = {}
            for kind, line in lines(size):
                if kind not in files:
                    files[kind] = opened.enter_context(gzip.open(path / f"{kind}.ndjson.gz", "wb", compresslevel=1))
                files[kind].write(line + b"\n")
    return path


def peaks(command: list[str]) -> tuple[float, float, float]:
    """Seconds, and the peak memory (MiB) of the largest process and of all together, of a command."""
    before = time.perf_counter()
    largest = together = 0.0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            sizes = [memory(number) for number in tree(process.pid)]
            largest = max([largest, *(resident for resident, _ in sizes)])
            together = max(together, sum(share for _, share in sizes))
            time.sleep(_POLL)
        if process.returncode:
            raise SystemExit(f"{' '.join(command[:5])} ... failed")
    return time.perf_counter() - before, largest, together


def tree(process: int) -> list[int]:
    """A process and those that it has started."""
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()
    except OSError:
        return [process]
    return [process, *(number for child in children for number in tree(int(child)))]


def memory(process: int) -> tuple[float, float]:
    """What a process holds, and its share of it (MiB); nothing if it has just ended."""
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0, 0
    sizes = {line.split()[0]: int(line.split()[1]) / MIB for line in text.splitlines()[1:]}
    return sizes["Rss:"], sizes["Pss:"]


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, nargs="+", default=[10, 100, 1000])
    parser.add_argument(
        "--forms", nargs="+", choices=["ndjson", "folder", "bundle"], default=["ndjson", "folder", "bundle"]
    )
    options = parser.parse_args()
    table = PrettyTable(["source", "MB", "seconds", "MB/s", "MiB, largest process", "MiB, all together"], align="r")
    for form in options.forms:
        for megabytes in options.megabytes:
            with tempfile.TemporaryDirectory() as folder:
                path = write(Path(folder), form, megabytes * 1_000_000)
                command = [sys.executable, "-m", "il2kg", "assess", "--format", "json", str(path)]
                seconds, largest, together = peaks(command)
            speed = f"{megabytes / seconds:.1f}"
            table.add_row([form, megabytes, f"{seconds:.1f}", speed, f"{largest:.0f}", f"{together:.0f}"])
    print(table)


if __name__ == "__main__":
    main()

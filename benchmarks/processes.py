"""Whole processes, timed: what a person who types a command waits for."""

import os
import statistics
import subprocess
import time
from collections.abc import Callable

MIB = 1024
"""Kibibytes in a mebibyte, for ``ru_maxrss``."""


def timed(command: list[str]) -> tuple[float, float]:
    """Seconds and peak memory (MiB, of the largest process) of a command whose output is thrown away."""
    before = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status):
        raise SystemExit(f"{' '.join(command[:4])} ... failed")
    return time.perf_counter() - before, usage.ru_maxrss / MIB


def median(run: Callable[[], tuple[float, float]], runs: int) -> tuple[float, float]:
    """Median seconds and greatest memory of some runs after one that does not count."""
    run()
    measured = [run() for _ in range(runs)]
    return statistics.median(m[0] for m in measured), max(m[1] for m in measured)

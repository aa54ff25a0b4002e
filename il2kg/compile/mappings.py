"""The tables of codes name terms of the ontology, each pair of term and code once."""

import csv
from collections.abc import Collection, Iterable
from pathlib import Path

from il2kg.errors import GuidelineError


def check_mappings(tables: Iterable[Path], terms: Collection[str], prefix: str) -> None:
    """Hold SSSOM tables to the identifiers of a guideline, which they write with a ``prefix``.

    Raises:
        GuidelineError: a table names a term that is not there, or maps one to the same code twice.
    """
    wrong = [message for path in tables for message in _wrong(path, terms, f"{prefix}:")]
    if wrong:
        raise GuidelineError("\n".join(wrong))


def _wrong(path: Path, terms: Collection[str], own: str) -> list[str]:
    problems: list[str] = []
    seen: set[tuple[str, ...]] = set()
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader((line for line in file if not line.startswith("#")), delimiter="\t")
            for row in rows:
                term, code = row["subject_id"].removeprefix(own), row["object_id"]
                if term not in terms:
                    problems.append(_unknown(path, row["subject_id"], code, terms, own))
                mapping = (term, code, row.get("match") or "")
                if mapping in seen:
                    problems.append(f"{path.name}: {row['subject_id']} is mapped to {code} twice; keep one row")
                seen.add(mapping)
    except (OSError, KeyError, UnicodeDecodeError) as error:
        raise GuidelineError(f"{path}: not an SSSOM table: {error}") from error
    return problems


def _unknown(path: Path, term: str, code: str, terms: Collection[str], own: str) -> str:
    from difflib import get_close_matches  # only where something is wrong

    near = get_close_matches(term.removeprefix(own), sorted(terms), n=1)
    return f"{path.name}: {term}, mapped to {code}, is no term of the ontology" + (
        f"; the nearest is {own}{near[0]}" if near else ""
    )

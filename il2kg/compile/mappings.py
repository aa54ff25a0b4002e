"""The tables of codes name terms of the ontology, each pair of term and code once."""

import csv
from collections.abc import Collection
from pathlib import Path

from il2kg.errors import GuidelineError

_FOLDERS = ("codes", "codes/products", "knowledge")


def check_mappings(ontology: Path, terms: Collection[str]) -> None:
    """Hold the SSSOM tables under a folder to the identifiers of the ontology.

    Raises:
        GuidelineError: a table names a term that is not there, or maps one to the same code twice.
    """
    wrong = [
        message
        for folder in _FOLDERS
        for path in sorted((ontology / folder).glob("*.sssom.tsv"))
        for message in _wrong(path, terms)
    ]
    if wrong:
        raise GuidelineError("\n".join(wrong))


def _wrong(path: Path, terms: Collection[str]) -> list[str]:
    found: list[str] = []
    seen: set[tuple[str, ...]] = set()
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader((line for line in file if not line.startswith("#")), delimiter="\t")
            for row in rows:
                term, code = row["subject_id"].removeprefix("il2:"), row["object_id"]
                if term not in terms:
                    found.append(_unknown(path, row["subject_id"], code, terms))
                mapping = (term, code, row.get("match") or "")
                if mapping in seen:
                    found.append(f"{path.name}: {row['subject_id']} is mapped to {code} twice; leave one row")
                seen.add(mapping)
    except (OSError, KeyError, UnicodeDecodeError) as error:
        raise GuidelineError(f"{path}: not an SSSOM table: {error}") from error
    return found


def _unknown(path: Path, term: str, code: str, terms: Collection[str]) -> str:
    from difflib import get_close_matches  # only where something is wrong

    near = get_close_matches(term.removeprefix("il2:"), sorted(terms), n=1)
    return f"{path.name}: {term}, mapped to {code}, is no term of the ontology" + (
        f"; the nearest is il2:{near[0]}" if near else ""
    )

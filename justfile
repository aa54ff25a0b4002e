# The tasks of a working day. `just --list` shows them.

setup:
    python3 -m venv .venv && .venv/bin/pip install -q -e '.[dev]'

# The whole suite, on all processors.
test *arguments:
    .venv/bin/pytest -q -n auto --dist worksteal {{arguments}}

# Long runs; the ordinary suite has a bounded part of them.
fuzz records="1000000":
    .venv/bin/python -m tests.fuzz --records {{records}}
    .venv/bin/python -m tests.fuzz_convert --records {{records}}
    HYPOTHESIS_PROFILE=fuzz .venv/bin/pytest -q -n auto --dist worksteal tests/test_properties.py tests/test_planting.py

# Slips in the ontology, one at a time, all of them; the ordinary suite tries some of each kind.
mutations:
    .venv/bin/python -m tests.mutations

lint:
    .venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/mypy

# All guidelines: an edit of the vocabulary, or a new form of condition, bears on each.
build:
    for guideline in ontology guidelines/*/; do .venv/bin/il2kg build --guideline $guideline; done

bench:
    .venv/bin/python benchmarks/assess.py
    .venv/bin/python benchmarks/rdf.py

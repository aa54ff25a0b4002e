"""Other engines come to our verdicts: on the snapshots of every thirteenth case, whole result sets are equal."""

from dataclasses import replace

import pytest

from il2kg.assessment.evaluation import ASSESSMENT_IRI
from il2kg.bulk import load_engine
from tests.case_tables import REQUEST, all_cases, records_of
from tests.portability.engines import Engine, Result, by_pyrudof, by_pyshacl, by_shacl, by_shacl_rust, by_topbraid

_SHARES = 8
_EVERY = 13  # pySHACL takes a fifth of a second a snapshot; cases of one kind stand beside each other


def _snapshots(share: int) -> str:
    """The snapshots of a share of the cases as one graph, each assessment with an IRI of its own."""
    engine = load_engine()
    cases = all_cases(engine.guideline)[::_EVERY][share::_SHARES]
    distinct: dict[str, None] = {}
    for case, named in zip(cases, records_of(engine, cases), strict=True):
        distinct[engine.snapshot(named, replace(REQUEST, by_exception=case.by_exception))] = None
    return "\n".join(
        turtle.replace(f"<{ASSESSMENT_IRI}", f"<{ASSESSMENT_IRI}:{number}") for number, turtle in enumerate(distinct)
    )


@pytest.mark.parametrize("share", range(_SHARES))
def test_engines_give_the_results_of_pyshacl(share: int) -> None:
    shapes, data = load_engine().shapes, _snapshots(share)
    reference = by_pyshacl(shapes, data)
    others: list[Engine] = [by_shacl, by_shacl_rust, by_pyrudof, by_topbraid]
    assert {other.__name__: other(shapes, data) for other in others} == {o.__name__: reference for o in others}
    assert reference, "no case of this share gives a result"


@pytest.mark.parametrize("engine", [by_pyshacl, by_shacl, by_shacl_rust, by_pyrudof, by_topbraid])
def test_an_engine_sees_a_creatinine_above_the_limit(engine: Engine) -> None:
    data = """
        @prefix derived: <https://w3id.org/il2kg/derived/> .
        @prefix il2: <https://w3id.org/il2kg/> .
        <urn:t> a il2:Assessment ; derived:SerumCreatinine <urn:t/c> .
        <urn:t/c> il2:lowestAtLeast 4.6 ; il2:lowestAtMost 4.6 ; il2:highestAtLeast 4.6 ; il2:highestAtMost 4.6 .
    """
    results = engine(load_engine().shapes, data)
    shape, violation = "https://w3id.org/il2kg/shape/label-creatinine", "http://www.w3.org/ns/shacl#Violation"
    assert Result("urn:t", f"{shape}-met", violation) in results
    assert Result("urn:t", f"{shape}-held", violation) not in results

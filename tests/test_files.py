"""Files and folders as patients: formats, what cannot be used, large sources, and no trace left."""

import gzip
import json
import os
import stat
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from il2kg.bulk import load_engine
from il2kg.errors import RecordError
from il2kg.read.fhir.patients import PatientResources
from il2kg.read.fhir.resources import medication_reference
from il2kg.read.sources import json_documents, source, spill
from il2kg.read.sources.cutting import cut
from il2kg.read.sources.json_text import decode
from il2kg.read.sources.source import Formats, open_source
from il2kg.read.sources.source import patients as patients_of_source

Json = dict[str, Any]

GIVEN = {
    "resourceType": "MedicationRequest",
    "subject": {"reference": "Patient/1"},
    "medicationReference": {"reference": "Medication/m"},
}
PATIENT = {"resourceType": "Patient", "id": "1"}
ITEM = {"resourceType": "Observation", "id": "a", "subject": {"reference": "Patient/1"}}


def item(name: str, patient: str = "1", **more: Any) -> Json:
    return {**ITEM, "id": name, "subject": {"reference": f"Patient/{patient}"}, **more}


def bundle(*resources: Json) -> Json:
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": r} for r in resources]}


def dumped(*resources: Json) -> bytes:
    return b"\n".join(json.dumps(r).encode() for r in resources)


@contextmanager
def everything_large(step: int = 37) -> Iterator[None]:
    """Every source read as one that is too large for memory, in small steps."""
    with (
        mock.patch.object(source, "IN_MEMORY", 0),
        mock.patch.object(spill, "IN_MEMORY", 1),
        mock.patch.object(spill, "CHUNK", step),
        mock.patch.object(json_documents, "_LONG_LINE", 100),
    ):
        yield


def formats() -> Formats:
    return load_engine().formats()


def patients(path: Path) -> Iterator[PatientResources]:
    for patient in patients_of_source(path, formats()):
        assert isinstance(patient, PatientResources)
        yield patient


def summary(found: Iterable[PatientResources]) -> list[tuple[Any, ...]]:
    """All that is said of patients, resources in no order."""
    return sorted(
        (
            str(p.patient),
            sorted((r.item, str(r.content), str(r.doubt)) for r in p.resources),
            [str(problem) for problem in p.problems],
            p.unusable,
            [m for r in p.resources for m in p.medications(medication_reference(r.content) or "")],
        )
        for p in found
    )


def read(path: Path) -> list[PatientResources]:
    """The patients of a source, which are the same whether it is read as small or as large."""
    small = list(patients(path))
    with everything_large():
        large = list(patients(path))
    assert summary(large) == summary(small)
    assert [p.name for p in large] == [p.name for p in small]
    return small


def refused(path: Path) -> tuple[str, str]:
    """Why a source cannot be used, small and large."""
    with pytest.raises(RecordError) as small:
        list(patients(path))
    with everything_large(), pytest.raises(RecordError) as large:
        list(patients(path))
    return str(small.value), str(large.value)


# ---- one file

FORMS: dict[str, tuple[str, bytes]] = {
    "bundle": ("r.json", json.dumps(bundle(PATIENT, ITEM)).encode()),
    "indented": ("r.json", json.dumps(bundle(PATIENT, ITEM), indent=2).encode() + b"\n"),
    "bundle in one line with an end": ("r.json", json.dumps(bundle(PATIENT, ITEM)).encode() + b"\r\n"),
    "type last": ("r.json", json.dumps(dict(reversed(bundle(PATIENT, ITEM).items()))).encode()),
    "nested": ("r.json", json.dumps(bundle(bundle(PATIENT), bundle(bundle(ITEM)))).encode()),
    "lines": ("r.ndjson", dumped(PATIENT, ITEM)),
    "lines of another system": ("r.ndjson", b"\r\n".join([dumped(PATIENT), b"", b"  ", dumped(ITEM), b""])),
    "lines by another name": ("r.json", dumped(PATIENT, ITEM) + b"\n"),
    "lines by no name": ("r", dumped(PATIENT, ITEM)),
    "bundles in lines": ("r.jsonl", dumped(bundle(PATIENT), bundle(ITEM))),
    "byte order mark": ("r.json", b"\xef\xbb\xbf" + json.dumps(bundle(PATIENT, ITEM)).encode()),
    "byte order mark, lines": ("r.ndjson", b"\xef\xbb\xbf" + dumped(PATIENT, ITEM)),
    "gzip": ("r.json.gz", gzip.compress(json.dumps(bundle(PATIENT, ITEM)).encode())),
    "gzip by no name": ("r", gzip.compress(json.dumps(bundle(PATIENT, ITEM)).encode())),
    "gzip in members": (
        "r.ndjson.gz",
        gzip.compress(dumped(PATIENT) + b"\n") + gzip.compress(dumped(ITEM)) + b"\0" * 99,
    ),
    "one resource": ("r.json", json.dumps(ITEM, indent=1).encode()),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_file_may_have_any_form(form: str, tmp_path: Path) -> None:
    name, content = FORMS[form]
    path = tmp_path / name
    path.write_bytes(content)
    (found,) = read(path)
    assert (found.patient, [(r.item, r.content, r.doubt) for r in found.resources], found.problems, found.name) == (
        "Patient/1",
        [("Observation/a", ITEM, None)],
        (),
        str(path),
    )


def test_numbers_are_as_they_were_written(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    texts = ["1.10", "-0.0", "4.50E2", "12345678901234567890123", "1e999999999", "0." + "1" * 10_000, "7"]
    path.write_text(json.dumps(ITEM)[:-1] + f', "numbers": [{", ".join(texts)}]}}', encoding="utf-8")
    (found,) = read(path)
    numbers = found.resources[0].content["numbers"]
    assert [str(n) for n in numbers] == [
        "1.10",
        "-0.0",
        str(Decimal("4.50E2")),
        "12345678901234567890123",
        "1E+999999999",
        "0." + "1" * 10_000,
        "7",
    ]
    assert [type(n) for n in numbers] == [Decimal, Decimal, Decimal, int, Decimal, Decimal, int]


UNUSABLE: dict[str, tuple[str, bytes, str]] = {
    "empty": ("r.json", b"", "is empty"),
    "blank": ("r.json", b" \n\t\n", "is empty"),
    "text": ("r.json", b"creatinine 5", "is no"),
    "an array": ("r.json", b"[1, 2]", "is no FHIR resource"),
    "other JSON": ("r.json", b'{"creatinine": 5}', "is no FHIR resource (it has no resourceType)"),
    "an empty bundle": ("r.json", b'{"resourceType": "Bundle"}', "holds nothing about a patient"),
    "something else": ("r.json", b'{"resourceType": "ValueSet"}', "holds nothing about a patient"),
    "cut off": ("r.json", json.dumps(bundle(PATIENT, ITEM)).encode()[:-30], "is not JSON"),
    "more after the end": ("r.json", json.dumps(bundle(PATIENT, ITEM)).encode() + b"}", "is not JSON"),
    "brackets that do not match": ("r.json", json.dumps(bundle(ITEM)).encode().replace(b"}]}", b"]}}"), "is not JSON"),
    "no number": ("r.json", json.dumps({**ITEM, "valueInteger": float("nan")}).encode(), "is not JSON"),
    "infinite": ("r.json", json.dumps({**ITEM, "valueInteger": float("-inf")}).encode(), "is not JSON"),
    "no UTF-8": ("r.json", b'{"resourceType": "Patient", "id": "\xff\xfe"}', "is not JSON"),
    "half a character": ("r.json", b'{"resourceType": "Patient", "id": "\\ud800"}', "is not JSON"),
    "UTF-16": ("r.json", json.dumps(ITEM).encode("utf-16"), "is not in UTF-8, but seems to be in UTF-16"),
    "UTF-16 without a mark": ("r.json", json.dumps(ITEM).encode("utf-16-le"), "is not in UTF-8"),
    "ten thousand digits": ("r.json", b'{"resourceType": "Patient", "n": %s}' % (b"1" * 10_000), "too large to be"),
    "an exponent of thirty digits": (
        "r.json",
        b'{"resourceType": "Patient", "n": 1e%s}' % (b"9" * 30),
        "too large to be meant",
    ),
    "nested": ("r.json", b'{"a":' * 5000 + b"1" + b"}" * 5000, "is nested too deeply to be FHIR"),
    "a key twice": ("r.json", b'{"resourceType": "Patient", "id": "1", "id": "2"}', 'has the key "id" twice'),
    "a key twice within": (
        "r.json",
        json.dumps(bundle(PATIENT, ITEM)).encode().replace(b'"id": "a"', b'"code": {"x": 1, "x": 1}'),
        'has the key "x" twice in one object',
    ),
    "a key of the bundle twice": (
        "r.json",
        json.dumps(bundle(PATIENT, ITEM)).encode()[:-1] + b', "entry": []}',
        'has the key "entry" twice in one object',
    ),
    "a key written in two ways": ("r.json", b'{"resourceType": "Patient", "id": "1", "\\u0069d": "2"}', '"id" twice'),
    "gzip cut off": ("r.json.gz", gzip.compress(dumped(PATIENT, ITEM))[:-9], "cannot be read: ends before"),
    "gzip broken": ("r.json.gz", gzip.compress(dumped(PATIENT, ITEM))[:20] + b"\1" * 40, "cannot be read"),
}  # fmt: skip


@pytest.mark.parametrize("name", UNUSABLE)
def test_a_file_that_cannot_be_used_says_why(name: str, tmp_path: Path) -> None:
    file, content, message = UNUSABLE[name]
    path = tmp_path / file
    path.write_bytes(content)
    assert [message in why for why in refused(path)] == [True, True]


def test_a_file_that_is_not_there_or_may_not_be_read_says_so(tmp_path: Path) -> None:
    assert refused(tmp_path / "missing.json") == ("No such file or directory",) * 2


def test_many_brackets_are_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "brackets.json.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        for _ in range(64):
            file.write(b"[" * (1 << 20))
    with pytest.raises(RecordError, match=r"^is nested too deeply"):
        list(patients(path))


# ---- lines that cannot be used

BAD_LINES: dict[str, tuple[bytes, set[str]]] = {
    "of one patient": (b'{"subject": {"reference": "Patient/1"}, "value": tru}', {"1"}),
    "of one patient, escaped": (rb'{"subject": {"reference" : " Patient\/1\/_history\/2 "}, "value": tru}', {"1"}),
    "of two patients": (b'{"reference": "Patient/1"}{"reference": "Patient/2"}', {"1", "2"}),
    "of a patient who has nothing else": (b'{"subject": {"reference": "Patient/3"}', {"3"}),
    "a key twice": (b'{"resourceType": "Observation", "id": 1, "id": 2, "subject": {"reference": "Patient/2"}}', {"2"}),
    "no resource": (b'{"subject": {"reference": "Patient/2"}}', {"2"}),
    "of nobody": (b"{", {"1", "2"}),
    "of nobody, no resource": (b"5", {"1", "2"}),
    "of a device": (b'{"subject": {"reference": "Device/2"}', {"1", "2"}),
    "cut off in the reference": (b'{"subject": {"reference": "Patient/1', {"1", "2"}),
    "cut off after the id": (b'{"subject": {"reference": "Patient/1}', {"1", "2"}),
    "of a urn that names nobody": (b'{"subject": {"reference": "urn:uuid:1"}', {"1", "2"}),
    "no UTF-8": (b'{"note": "\xff", "subject": {"reference": "Patient/2"}}', {"2"}),
}


@pytest.mark.parametrize("name", BAD_LINES)
def test_a_line_that_cannot_be_used_spoils_the_records_it_may_belong_to(name: str, tmp_path: Path) -> None:
    line, spoilt = BAD_LINES[name]
    path = tmp_path / "r.ndjson"
    path.write_bytes(b"\n".join([dumped(item("a", "1")), line, dumped(item("b", "2"))]))
    found = read(path)
    assert {p.patient.removeprefix("Patient/") for p in found if p.patient and p.unusable} == spoilt
    assert all(p.unusable.startswith("line 2 ") for p in found if p.unusable)
    assert {p.patient: len(p.resources) for p in found if not p.unusable} == {
        f"Patient/{n}": 1 for n in {"1", "2"} - spoilt
    }


def test_a_line_refers_to_a_patient_by_urn(tmp_path: Path) -> None:
    path = tmp_path / "r.ndjson"
    named = {"resourceType": "Bundle", "entry": [{"fullUrl": "urn:uuid:1", "resource": PATIENT}]}
    path.write_bytes(b'{"subject": {"reference": "urn:uuid:1"}\n' + dumped(named, item("b", "2")))
    assert {p.patient: bool(p.unusable) for p in read(path)} == {"Patient/1": True, "Patient/2": False}


# ---- folders


def files(folder: Path, **contents: bytes) -> Path:
    folder.mkdir(exist_ok=True)
    for name, content in contents.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    return folder


def test_a_folder_is_one_data_set(tmp_path: Path) -> None:
    folder = files(
        tmp_path / "export",
        Patient_ndjson=dumped(PATIENT, {**PATIENT, "id": "2"}),
        Observation_000_ndjson=dumped(item("a"), item("b", "2")),
        Observation_001_ndjson_gz=gzip.compress(dumped(item("c", "2"))),
        more__Medication_json=json.dumps({"resourceType": "Medication", "id": "m"}).encode(),
        MedicationRequest_json=dumped({**GIVEN, "id": "e"}),
        Condition_ndjson=b"",
        _hidden=b"\0",
        readme_txt=b"an export",
        picture_png=b"\x89PNG",
        manifest_json=b'{"transactionTime": "2026-03-02", "output": [{"type": "Patient"}]}',
        unnamed=dumped(item("d")),
    )
    found = read(folder)
    assert [(p.name, [r.item for r in p.resources]) for p in found] == [
        (f"{folder}#Patient/1", ["MedicationRequest/e", "Observation/a", "Observation/d"]),
        (f"{folder}#Patient/2", ["Observation/b", "Observation/c"]),
    ]
    assert found[0].medications("Medication/m") == [{"resourceType": "Medication", "id": "m"}]
    said = [(problem.item, problem.problem) for problem in found[1].problems]
    assert said == [
        ("manifest.json", "is no FHIR resource (it has no resourceType)"),
        ("", "files that are neither FHIR nor RDF were not read: picture.png, readme.txt"),
    ]


def test_one_unusable_file_spoils_a_folder_for_it_may_hold_anything(tmp_path: Path) -> None:
    folder = files(tmp_path / "f", a_json=dumped(bundle(PATIENT, ITEM)), b_json=b'{"resourceType": "Patient", "id": 1')
    assert [why.startswith("b.json: is not JSON") for why in refused(folder)] == [True, True]


def test_a_line_of_nobody_spoils_every_record_of_a_folder(tmp_path: Path) -> None:
    folder = files(tmp_path / "f", a_ndjson=dumped(item("a"), item("b", "2")), b_ndjson=b"{")
    assert [p.unusable for p in read(folder)] == [
        "b.ndjson line 1 is not JSON: EOF while parsing an object at line 1 column 1"
    ] * 2


def test_a_folder_without_fhir_is_refused(tmp_path: Path) -> None:
    nothing = "files that are neither FHIR nor RDF were not read: a.txt"
    assert refused(files(tmp_path / "f", a_txt=b"x")) == (nothing, nothing)
    (tmp_path / "empty").mkdir()
    assert refused(tmp_path / "empty") == ("is empty", "is empty")


# ---- however a patient's resources are split

ids = st.sampled_from(["a", "b", "c", "d"])
subjects = st.sampled_from(
    ["Patient/1", "Patient/2", "urn:uuid:1", "https://a.example/fhir/Patient/1", "Group/1", None]
)
contents = st.builds(
    lambda name, subject, value, updated: {
        "resourceType": "MedicationAdministration",
        "id": name,
        "medicationReference": {"reference": "Medication/m"},
        **({} if subject is None else {"subject": {"reference": subject}}),
        "valueInteger": value,
        **({} if updated is None else {"meta": {"lastUpdated": f"2026-03-0{updated}T08:00:00Z"}}),
    },
    ids,
    subjects,
    st.integers(0, 2),
    st.one_of(st.none(), st.integers(1, 3)),
)
others = st.sampled_from(
    [
        ("urn:uuid:1", PATIENT),
        (None, {**PATIENT, "id": "2"}),
        (None, {"resourceType": "Medication", "id": "m", "code": {"text": "A"}}),
        (None, {"resourceType": "Medication", "id": "m", "code": {"text": "B"}}),
        (None, {"resourceType": "Group", "id": "1"}),
    ]
)
resources = st.lists(st.one_of(contents.map(lambda c: (None, c)), others), min_size=1, max_size=12)


def _entry(full_url: str | None, resource: Json) -> Json:
    return {"resource": resource} if full_url is None else {"fullUrl": full_url, "resource": resource}


def _file(entries: list[tuple[str | None, Json]], form: int) -> tuple[str, bytes]:
    whole = {"resourceType": "Bundle", "entry": [_entry(*e) for e in entries]}
    match form:
        case 0:
            return "json", json.dumps(whole).encode()
        case 1:
            return "json.gz", gzip.compress(json.dumps(whole, indent=1).encode())
        case 2:
            lines = [r if u is None else {"resourceType": "Bundle", "entry": [_entry(u, r)]} for u, r in entries]
            return "ndjson", dumped(*lines)
        case _:
            return "ndjson.gz", gzip.compress(
                dumped(*({"resourceType": "Bundle", "entry": [_entry(*e)]} for e in entries))
            )


def _said(path: Path) -> list[tuple[Any, ...]] | str:
    try:
        found = list(patients(path))
    except RecordError as error:
        return str(error)
    return [(*one[:4], sorted(map(str, one[4]))) for one in summary(found)]


@given(resources, st.data())
def test_any_split_over_files_and_any_order_is_the_same_as_one_bundle(
    found: list[tuple[str | None, Json]], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(found))
    cuts = sorted(data.draw(st.sets(st.integers(1, len(found)), max_size=3)))
    with tempfile.TemporaryDirectory() as place:
        one, folder = Path(place, "one.json"), Path(place, "folder")
        one.write_bytes(_file(found, 0)[1])
        folder.mkdir()
        for number, (begin, end) in enumerate(zip([0, *cuts], [*cuts, len(found)], strict=True)):
            if begin < end:
                suffix, content = _file(shuffled[begin:end], data.draw(st.integers(0, 3)))
                (folder / f"{number}.{suffix}").write_bytes(content)
        expected = _said(one)
        assert _said(folder) == expected
        with everything_large():
            assert _said(one) == expected
            assert _said(folder) == expected


# ---- large documents are cut where their entries are

texts = st.text(st.sampled_from('a"\\[]{},:\n\u00e9'), max_size=6)
values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), texts),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3)),
    max_leaves=8,
)


@given(st.lists(values, max_size=6), st.dictionaries(texts, values, max_size=3), st.integers(1, 40), st.booleans())
def test_a_cut_document_is_the_same_as_the_whole(entries: list[Any], more: Json, step: int, indented: bool) -> None:
    text = json.dumps({**more, "resourceType": "Bundle", "entry": entries}, indent=1 if indented else None).encode()
    document = cut((text[n : n + step] for n in range(0, len(text), step)), 7)
    assert document.is_bundle
    found = [(n, decode(text[s.start - 7 :][: s.length]) if s.length else None) for n, s in document.entries()]
    assert found == [(n, e if isinstance(e, dict | list) else None) for n, e in enumerate(entries)]


# ---- no trace


def test_what_is_spilled_is_private_and_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "private"))
    (tmp_path / "private").mkdir()
    path = tmp_path / "r.ndjson.gz"
    path.write_bytes(gzip.compress(dumped(PATIENT, *(item(str(n), str(n % 7)) for n in range(3000)))))
    with everything_large(4096), open_source(path, formats()) as opened:
        found = opened.patients()
        next(found)
        spilled = [
            os.fstat(int(fd.name)) for fd in Path("/proc/self/fd").iterdir() if _lies_in(fd, tmp_path / "private")
        ]
        assert [(stat.S_IMODE(each.st_mode), each.st_nlink, each.st_size > 100_000) for each in spilled] == [
            (0o600, 0, True)
        ]
        assert list((tmp_path / "private").iterdir()) == []
    assert not [fd for fd in Path("/proc/self/fd").iterdir() if _lies_in(fd, tmp_path / "private")]


def _lies_in(descriptor: Path, folder: Path) -> bool:
    try:
        return os.readlink(descriptor).startswith(str(folder))
    except OSError:
        return False


def test_a_pipe_is_read_once(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    with os.fdopen(writing, "wb") as pipe:
        pipe.write(json.dumps(bundle(PATIENT, ITEM)).encode())
    (found,) = patients(Path(f"/dev/fd/{reading}"))
    os.close(reading)
    assert (found.patient, len(found.resources)) == ("Patient/1", 1)


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "r.ndjson"
    path.write_bytes(dumped(PATIENT, ITEM))
    with everything_large(), open_source(path, formats()) as opened:
        path.write_bytes(dumped(PATIENT, ITEM, item("b")))
        with pytest.raises(RecordError, match="was changed while it was read; read it again"):
            list(opened.patients())

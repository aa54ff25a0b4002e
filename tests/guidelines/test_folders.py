"""A guideline is a folder: what its ``guideline.ttl`` says, what is refused, and several of them in one process."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

import il2kg
from il2kg.cli import _COMMANDS, main
from il2kg.compile.build import compile_all
from il2kg.errors import GuidelineError, RecordError, StaleShapesError
from il2kg.guideline.folder import GuidelineFolder
from il2kg.loading import load_guideline
from il2kg.locations import GUIDELINE_VARIABLE, content_root
from il2kg.recognise.maps import MapError
from il2kg.validation.shape_engines import run as run_shapes
from il2kg.vocabulary import IL2
from tests.folders import OWN
from tests.guidelines import tiny
from tests.guidelines.tiny import SALT, built, decision, record

EXAMPLE = content_root() / "examples" / "creatinine-hold.json"
LOINC = "http://loinc.org"


@pytest.fixture(scope="module")
def salt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny guideline, compiled."""
    return built(tmp_path_factory.mktemp("guidelines") / "salt")


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record that both guidelines can read."""
    path = tmp_path_factory.mktemp("records") / "record.json"
    entries = [{"resource": each} for each in record(6.1, cramp=False, system=LOINC)]
    path.write_text(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}), encoding="utf-8")
    return path


def run(*arguments: object) -> tuple[int, str, str]:
    done = CliRunner().invoke(main, [str(each) for each in arguments])
    return done.exit_code, done.stdout, done.stderr


# ---- What the folder says


def test_a_folder_says_what_it_is_and_where_its_parts_are(salt: Path) -> None:
    folder = GuidelineFolder.open(salt)
    assert (folder.iri, folder.namespace, folder.prefix) == (SALT, SALT, "salt")
    assert (folder.title, folder.version) == ("Guideline for salts of potassium", "2.1")
    assert (folder.version_iri, folder.decides_on) == (f"{SALT}2.1", "tablet")
    assert folder.rule_files == (salt / "concepts.ttl", salt / "rules" / "care.ttl")
    assert folder.knowledge_files == (salt / "beyond" / "cramps.ttl",)
    assert (folder.shapes, folder.questions) == (salt / "shapes", salt / "questions")
    assert (folder.record_queries, folder.codes) == (salt / "record-queries", salt / "codes")
    assert folder.compiled == salt / "compiled"


def test_the_guideline_for_interleukin_2_is_one_of_them() -> None:
    root = content_root()
    assert (OWN.namespace, OWN.prefix, OWN.decides_on) == (IL2, "il2", "dose")
    assert (OWN.shapes, OWN.questions) == (root / "shapes", root / "queries" / "questions")
    assert OWN.record_queries == root / "queries" / "records"
    assert not any(path.is_relative_to(OWN.vocabulary) for path in (*OWN.rule_files, *OWN.knowledge_files))
    tables = {path.relative_to(OWN.codes).as_posix().removesuffix(".sssom.tsv") for path in OWN.codes.rglob("*.tsv")}
    assert tables == OWN.tables
    assert set(OWN.files_of_graph) == set((root / "ontology").rglob("*.ttl")) - {OWN.words}


def test_a_guideline_names_its_terms(salt: Path) -> None:
    guideline = load_guideline(GuidelineFolder.open(salt))
    assert guideline.iri("LegCramp") == f"{SALT}LegCramp"
    assert guideline.short("LegCramp") == "salt:LegCramp"
    assert (guideline.iri("recommended"), guideline.short("Treatment")) == (f"{IL2}recommended", "il2:Treatment")
    assert (guideline.title, guideline.decides_on) == ("Guideline for salts of potassium", "tablet")
    own = load_guideline(OWN)
    assert own.iri("Oliguria") == f"{IL2}Oliguria"


def test_nothing_that_is_compiled_stands_under_another_namespace(salt: Path) -> None:
    subjects = {
        quad.subject.value
        for path in salt.rglob("*.ttl")
        for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)
        if isinstance(quad.subject, ox.NamedNode)
    }
    # The properties of the criteria in words are the vocabulary's.
    assert {iri for iri in subjects if not iri.startswith(SALT)} == {f"{IL2}conditionInWords", f"{IL2}resumeInWords"}


def test_a_guideline_may_lie_anywhere_under_any_name(salt: Path, tmp_path: Path) -> None:
    moved = shutil.copytree(salt, tmp_path / "a b" / "another name")
    assert compile_all(load_guideline(GuidelineFolder.open(moved))).stale() == []
    assert decision(moved, 6.1) == "wait"


def test_a_namespace_may_lie_below_that_of_the_vocabulary(tmp_path: Path) -> None:
    below = f"{IL2}salt/"
    for path in tiny.written(tmp_path).rglob("*"):
        if path.is_file():
            path.write_text(path.read_text(encoding="utf-8").replace(SALT, below), encoding="utf-8")
    guideline = load_guideline(GuidelineFolder.open(tmp_path))
    compile_all(guideline).write()
    assert guideline.iri("LegCramp") == f"{below}LegCramp"
    bundle = json.loads(json.dumps(record(6.1, cramp=False)).replace(SALT, below))
    (found,) = il2kg.assess(bundle, guideline=tmp_path)
    assert (str(found.decision), found.problems) == ("wait", ())
    assert il2kg.answer("what helps with leg cramps", guideline=tmp_path).parameters == {"finding": "LegCramp"}


# ---- What is refused

WRONG = [
    (", il2:Guideline ;", ", il2:Guidelines ;", "needs exactly one il2:Guideline that is named by an IRI, has 0"),
    ('dcterms:title "Guideline for salts of potassium"@en ;', "", "dcterms:title is needed, once; it is said 0 times"),
    (f"owl:versionIRI <{SALT}2.1> ;", "", "owl:versionIRI is needed, once; it is said 0 times"),
    (f"<{SALT}2.1>", '"2.1"', 'owl:versionIRI is an IRI, not "2.1"'),
    ('il2:decidesOn "tablet"@en ;', 'il2:decidesOn "tablet" , "pill" ;', "il2:decidesOn is needed, once; it is said 2"),
    ('il2:decidesOn "tablet"@en ;', 'il2:decidesOn " " ;', "il2:decidesOn is a text, not"),
    (f'Uri "{SALT}"', 'Uri "https://example.org/salt"', "is an IRI that ends in / or #, such as https://example.org/"),
    (f'Uri "{SALT}"', 'Uri "salt/"', "is an IRI that ends in / or #, such as https://example.org/mine/, not 'salt/'"),
    (f'Uri "{SALT}"', 'Uri "https://w3id.org/"', "where the vocabulary has its terms or shapes; choose another"),
    (f'Uri "{SALT}"', f'Uri "{IL2}shape/"', "where the vocabulary has its terms or shapes; choose another"),
    ('Prefix "salt"', 'Prefix "Salt!"', "is letters in lower case, digits and hyphens, such as mine, not 'Salt!'"),
    ('Prefix "salt"', 'Prefix "il2"', "is 'il2', which stands for another namespace; choose another"),
    ('Prefix "salt"', 'Prefix "sh"', "is 'sh', which stands for another namespace; choose another"),
    ('( "concepts.ttl" "rules/*.ttl" )', '( "concept.ttl" )', "il2:rulesIn names 'concept.ttl', which is not there"),
    ('( "concepts.ttl" "rules/*.ttl" )', '( "rules/*.tt" )', "il2:rulesIn names 'rules/*.tt', which is not there"),
    ('( "concepts.ttl" "rules/*.ttl" )', '( "rules" )', "il2:rulesIn names 'rules', which is not there"),
    ('( "concepts.ttl" "rules/*.ttl" )', "()", "il2:rulesIn is an empty list; name the files that the rules are in"),
    ('( "concepts.ttl" "rules/*.ttl" )', '"concepts.ttl"', "il2:rulesIn is a list of texts, such as"),
    ('( "concepts.ttl" "rules/*.ttl" )', "( <urn:concepts.ttl> )", "il2:rulesIn is a list of texts, such as"),
    ('"rules/*.ttl" )', '"rules/*.ttl" ) ; il2:shapesIn "a" , "b"', "il2:shapesIn is one folder, not several"),
    *(
        (
            '( "concepts.ttl" "rules/*.ttl" )',
            f'( "{path}" )',
            "a path is relative, has .. once at most, at its beginning",
        )
        for path in ("/etc/x.ttl", "../../x.ttl", "rules/../x.ttl", "*/x.ttl", "..", "", "C:/x.ttl", "a\\\\x.ttl")
    ),
]


@pytest.mark.parametrize(("old", "new", "told"), WRONG, ids=[f"{row[1]} {row[2]}"[:60] for row in WRONG])
def test_what_a_folder_must_say(tmp_path: Path, old: str, new: str, told: str) -> None:
    path = tiny.written(tmp_path) / "guideline.ttl"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(GuidelineError) as raised:
        GuidelineFolder.open(tmp_path)
    assert str(raised.value).startswith(str(path))
    assert told in str(raised.value)


def test_what_is_no_folder_of_a_guideline(tmp_path: Path) -> None:
    with pytest.raises(GuidelineError, match=r"no folder of a guideline: it has no guideline\.ttl"):
        GuidelineFolder.open(tmp_path)
    with pytest.raises(GuidelineError, match="no such folder"):
        GuidelineFolder.open(tmp_path / "nowhere")
    (tmp_path / "guideline.ttl").write_text("<a> <b>", encoding="utf-8")
    with pytest.raises(GuidelineError, match=r"guideline\.ttl: not Turtle: .*line 1"):
        GuidelineFolder.open(tmp_path)


def test_rules_may_lie_beside_the_folder(tmp_path: Path) -> None:
    folder = tiny.written(tmp_path / "salt")
    (folder / "concepts.ttl").rename(tmp_path / "concepts.ttl")
    path = folder / "guideline.ttl"
    path.write_text(path.read_text(encoding="utf-8").replace('"concepts.ttl"', '"../concepts.ttl"'), encoding="utf-8")
    compile_all(load_guideline(GuidelineFolder.open(folder))).write()
    assert decision(folder, 6.1) == "wait"


CLASHES = [
    ("concepts.ttl", "salt:leaflet", "salt:unit", "salt:unit and il2:unit have one name"),
    ("rules/care.ttl", "il2:present salt:LegCramp", "il2:present il2:LegCramp", "salt:LegCramp and il2:LegCramp have"),
    ("concepts.ttl", "rdfs:subClassOf il2:Treatment", "rdfs:subClassOf salt:Treatment", "salt:Treatment and il2:Treat"),
    ("rules/care.ttl", "il2:above 5.5", "salt:above 5.5", "salt:above and il2:above have one name"),
]


@pytest.mark.parametrize(("name", "old", "new", "told"), CLASHES, ids=[row[2] for row in CLASHES])
def test_one_name_is_one_term(tmp_path: Path, name: str, old: str, new: str, told: str) -> None:
    path = tiny.written(tmp_path) / name
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(GuidelineError, match=told):
        compile_all(load_guideline(GuidelineFolder.open(tmp_path)))


SLIPS = [
    ("rules/care.ttl", "il2:toxicity salt:LegCramp", "il2:toxicity salt:LegCram",
     "care.ttl: salt:cramps, il2:toxicity: salt:LegCram is no finding of the ontology; the nearest is salt:LegCramp"),
    ("rules/care.ttl", "il2:ruleSet salt:care", "il2:ruleSet salt:car",
     "care.ttl: salt:much-potassium, il2:ruleSet: salt:car is no il2:RuleSet of the ontology; the nearest"),
    ("rules/care.ttl", "il2:present salt:LegCramp", "il2:present salt:LegCram",
     "cramps: il2:present salt:LegCram is no finding"),
    ("rules/care.ttl", "above 5.5 mmol/L", "above 5.6 mmol/L",
     "care.ttl: salt:much-potassium: its label says 'above 5.6 mmol/L'"),
    ("codes/loinc.sssom.tsv", "salt:BloodPotassium", "salt:BloodPotasium",
     "salt:BloodPotasium, mapped to LOINC:2823-3, is no term of the ontology; the nearest is salt:BloodPotassium"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "told"), SLIPS, ids=[row[2] for row in SLIPS])
def test_messages_name_terms_by_the_prefix(tmp_path: Path, name: str, old: str, new: str, told: str) -> None:
    path = tiny.written(tmp_path) / name
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(GuidelineError) as raised:
        compile_all(load_guideline(GuidelineFolder.open(tmp_path)))
    assert told in str(raised.value)


def test_a_table_of_codes_that_is_named_must_be_there(tmp_path: Path) -> None:
    path = built(tmp_path) / "guideline.ttl"
    mesh = "http://id.nlm.nih.gov/mesh"
    with pytest.raises(RecordError, match="none of its codes is known"):
        decision(tmp_path, 6.1, system=mesh)
    text = path.read_text(encoding="utf-8").replace("il2:decidesOn", 'il2:codesOf ( "loinc" "mesh" ) ; il2:decidesOn')
    path.write_text(text, encoding="utf-8")
    again = shutil.copytree(tmp_path, tmp_path.with_name("again"))
    assert decision(again, 6.1, system=LOINC) == "wait"
    with pytest.raises(GuidelineError, match=r"mesh\.sssom\.tsv: no table of codes"):
        decision(again, 6.1, system=mesh)


def test_a_guideline_that_is_not_built_says_nothing(tmp_path: Path) -> None:
    with pytest.raises(StaleShapesError, match=r"shapes/criteria/care\.ttl: not what the ontology says"):
        decision(tiny.written(tmp_path), 6.1)


# ---- Records


def test_the_own_namespace_is_a_system_of_codes(salt: Path) -> None:
    assert decision(salt, 6.1) == "wait"
    assert decision(salt, 5.0) == "unknown"
    assert decision(salt, 5.0, cramp=False) == "take"
    assert decision(salt, 5.0, cramp=False, system=LOINC) == "take"
    strange = json.loads(json.dumps(record(6.1, cramp=False)).replace("BloodPotassium", "Sodium"))
    (found,) = il2kg.assess(strange, guideline=salt)
    assert [problem.problem for problem in found.problems] == [
        f"no identifier of the ontology: 'Sodium' is none of {SALT}"
    ]


@pytest.mark.parametrize("form", ["ttl", "jsonld", "nq", "fhir-json"])
def test_what_is_converted_is_read_again(salt: Path, file: Path, tmp_path: Path, form: str) -> None:
    path = tmp_path / f"record.{'json' if form == 'fhir-json' else form}"
    assert run("convert", file, "--to", form, "-o", path, "--guideline", salt) == (0, "", "")
    if form != "fhir-json":
        assert SALT in path.read_text(encoding="utf-8")
    code, said, _ = run("assess", path, "--format", "json", "--guideline", salt)
    assert code == 0
    (before,) = il2kg.assess(file, guideline=salt)
    assert json.loads(said)["overall"]["decision"] == before.decision == "wait"
    assert run("validate", path, "--guideline", salt)[0] == 0


def test_a_slip_in_a_patient_graph_is_told_by_the_prefix(salt: Path, tmp_path: Path) -> None:
    path = tmp_path / "record.ttl"
    path.write_text(f'@prefix il2: <{IL2}> .\n[] a <{SALT}LegCram> ; il2:start "2026-03-04" .\n', encoding="utf-8")
    code, said, _ = run("validate", path, "--guideline", salt)
    assert code == 0  # an item of nobody
    assert "no class of items: salt:LegCram; the nearest is salt:LegCramp" in " ".join(said.split())


def test_a_map_may_name_the_own_terms(salt: Path, tmp_path: Path) -> None:
    path = tmp_path / "map.tsv"
    head = "subject_id\tsubject_source\tpredicate_id\tobject_id\n"
    path.write_text(f"{head}KA\turn:lab\tskos:exactMatch\tsalt:BloodPotassium\n", encoding="utf-8")
    resources = json.loads(json.dumps(record(6.1, system="urn:lab")).replace("2823-3", "KA"))
    (found,) = il2kg.assess(resources, guideline=salt, maps=path)
    assert found.decision == "wait"
    path = tmp_path / "slip.tsv"
    path.write_text(f"{head}KA\turn:lab\tskos:exactMatch\tsalt:BloodPotasium\n", encoding="utf-8")
    with pytest.raises(MapError, match="did you mean salt:BloodPotassium"):
        il2kg.assess(resources, guideline=salt, maps=[path])


def test_what_is_said_as_rdf_stands_under_the_own_namespace(salt: Path, file: Path) -> None:
    code, said, _ = run("assess", file, "--format", "ttl", "--guideline", salt)
    assert code == 0
    triples = list(ox.parse(said.encode(), format=ox.RdfFormat.TURTLE))
    about = {quad.predicate.value.removeprefix(IL2): quad.object.value for quad in triples}
    assert (about["criterion"], about["inRuleSet"]) == (f"{SALT}much-potassium", f"{SALT}care")
    assert about["concept"] == f"{SALT}BloodPotassium"
    assert about["decision"] == f"{SALT}decision-wait"
    shapes = (salt / "shapes" / "assessment.ttl").read_text(encoding="utf-8")
    triples_of_it = "".join(f"{quad.triple} .\n" for quad in triples)
    assert run_shapes("shacl", shapes, triples_of_it) == set()
    wrong = triples_of_it.replace(f"{SALT}decision-wait", f"{IL2}decision-withhold")
    assert run_shapes("shacl", shapes, wrong) != set()
    made_by = [quad.object.value for quad in triples if quad.predicate.value.endswith("#used")]
    assert f"{SALT}2.1" in made_by


# ---- Commands, Python, the environment


def commands(salt: Path, file: Path) -> Iterator[tuple[str, tuple[object, ...]]]:
    yield "assess", (file, "--format", "json")
    yield "snapshot", (file,)
    yield "validate", (file, "--severity", "info")
    yield "coverage", (file, "--format", "json")
    yield "convert", (file, "--to", "ttl")
    yield "ask", ("what helps with leg cramps",)
    yield "questions", ()
    yield "query", ("what-helps", "--bind", "finding=LegCramp")
    yield "criteria", ()
    yield "build", ("--check",)
    yield "export", ("--format", "nt")


def test_every_command_takes_a_guideline(
    salt: Path, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert {name for name, _ in commands(salt, file)} == set(_COMMANDS)
    for name, arguments in commands(salt, file):
        by_option = run(name, *arguments, "--guideline", salt)
        assert by_option[0] == 0, name
        monkeypatch.setenv(GUIDELINE_VARIABLE, str(salt))
        assert run(name, *arguments) == by_option, name
        code, _, said = run(name, *arguments, "--guideline", tmp_path)
        assert (code, said) == (2, f"il2kg: {tmp_path}: no folder of a guideline: it has no guideline.ttl, which says "
                                   "where its rules are\n"), name  # fmt: skip
        monkeypatch.delenv(GUIDELINE_VARIABLE)


def test_a_folder_is_the_same_by_a_relative_path(salt: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(salt.parent)
    assert decision(Path("salt"), 6.1) == "wait"
    monkeypatch.chdir(salt)
    assert run("assess", file, "--guideline", ".", "--format", "json")[0] == 0
    monkeypatch.chdir(content_root() / "ontology" / "codes")
    assert run("build", "--check", "--guideline", "..") == (0, "", "")
    monkeypatch.chdir(salt)
    assert len(il2kg.query("SELECT ?c { ?c a il2:Criterion }", guideline=".").rows) == 2  # type: ignore[union-attr]


def test_the_environment_chooses_for_python_too(salt: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = il2kg.assess(record(6.1, system=LOINC))
    monkeypatch.setenv(GUIDELINE_VARIABLE, str(salt))
    assert [each.decision for each in il2kg.assess(record(6.1, system=LOINC))] == ["wait"]
    assert il2kg.answer("what helps with leg cramps").query == "what-helps"
    assert il2kg.query("ASK { salt:LegCramp a owl:Class }").rows[0] == {"answer": True}  # type: ignore[union-attr]
    again = il2kg.assess(record(6.1, system=LOINC), guideline=content_root() / "ontology")
    assert [each.rule_sets.keys() for each in again] == [each.rule_sets.keys() for each in own]


def test_processes_that_share_the_work_have_the_same_guideline(salt: Path, file: Path, tmp_path: Path) -> None:
    text = file.read_text(encoding="utf-8")
    files = [tmp_path / f"{number}.json" for number in range(40)]
    for number, path in enumerate(files):
        path.write_text(text.replace("6.1", "6.1" if number % 2 else "5.1"), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "il2kg", "assess", *map(str, files), "--format", "json", "--guideline", "salt"],
        check=True, capture_output=True, text=True, cwd=salt.parent,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, sys.path))},
    )  # fmt: skip
    found = [json.loads(line)["overall"]["decision"] for line in done.stdout.splitlines()]
    assert found == ["take", "wait"] * 20


def test_record_queries_see_the_own_guideline(salt: Path, file: Path) -> None:
    code, said, _ = run("query", "decisions", "--record", file, "--format", "json", "--guideline", salt)
    assert (code, json.loads(said)["answers"]) == (0, [{"decision": "decision-wait", "decision_label": "wait"}])
    answers = il2kg.query("SELECT ?c { [] il2:concept ?c }", records=[file], guideline=salt)
    assert isinstance(answers, il2kg.Answers)
    assert {row["c"] for row in answers.rows} == {"BloodPotassium", "LegCramp"}


# ---- Several in one process


def said(folder: Path | None, file: Path) -> str:
    """All that a guideline says of a record, and of itself."""
    more = () if folder is None else ("--guideline", folder)
    asked = ("what helps with leg cramps",) if folder is not None else ("what manages oliguria",)
    calls = (
        ("assess", file, "--format", "json", "--all"), ("assess", file, "--format", "ttl"), ("snapshot", file),
        ("validate", file, "--severity", "info"), ("coverage", file, "--format", "json"),
        ("convert", file, "--to", "ttl"), ("ask", *asked), ("criteria",), ("questions",),
    )  # fmt: skip
    return "\n".join(repr(run(*call, *more)) for call in calls)


def test_guidelines_do_not_know_of_each_other(salt: Path, file: Path, tmp_path: Path) -> None:
    other = shutil.copytree(salt, tmp_path / "other")
    criteria = other / "rules" / "care.ttl"
    criteria.write_text(criteria.read_text(encoding="utf-8").replace("5.5", "6.5"), encoding="utf-8")
    compile_all(load_guideline(GuidelineFolder.open(other))).write()
    load = "import sys; from pathlib import Path; from tests.guidelines.test_folders import said; "
    alone = {}
    for folder in (None, salt, other):
        path = "None" if folder is None else f"Path({str(folder)!r})"
        done = subprocess.run(
            [sys.executable, "-c", f"{load} sys.stdout.write(said({path}, Path({str(file)!r})))"],
            check=True, capture_output=True, text=True, cwd=Path(__file__).parent.parent.parent,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(["", *map(str, sys.path)])},
        )  # fmt: skip
        alone[folder] = done.stdout
    assert len(set(alone.values())) == 3
    for folder in (salt, None, other, salt, other, None):
        assert said(folder, file) == alone[folder]


def test_guidelines_in_threads_say_what_each_says_alone(salt: Path) -> None:
    wanted = {None: il2kg.assess(EXAMPLE)[0].decision, salt: "wait"}

    def asked(number: int) -> bool:
        folder = (None, salt)[number % 2]
        (found,) = il2kg.assess(EXAMPLE if folder is None else record(6.1, cramp=False), guideline=folder)
        answer = il2kg.answer("what helps with leg cramps" if folder else "what manages oliguria", guideline=folder)
        return found.decision == wanted[folder] and answer.query == ("what-helps" if folder else "manages")

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(asked, range(40)))

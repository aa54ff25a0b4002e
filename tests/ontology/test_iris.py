"""Every IRI that the product mints under its own base leads to one file of the product, in the form that is asked for.

The redirects of ``docs/iris.md`` are read as Apache's mod_rewrite reads them, as far as they use it.
"""

import re
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner
from rdflib import Graph, URIRef

from il2kg.cli import main
from il2kg.vocabulary import IL2, VOCABULARY
from tests.ontology.files import ROOT

DERIVED, SHAPE = VOCABULARY.derived, VOCABULARY.shape

PAGE = (ROOT / "docs" / "iris.md").read_text(encoding="utf-8")
SITE = "https://example.org/il2kg"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
ACCEPTED = ["*/*", "text/turtle", "application/ld+json", "application/rdf+xml", BROWSER]
# What each form of the exported graph is made by, and read as.
EXPORTED = {"il2kg.ttl": ("ttl", "turtle"), "il2kg.jsonld": ("jsonld", "json-ld"), "il2kg.rdf": ("rdfxml", "xml")}
# IRIs in texts; what ends in / is a namespace, and names nothing by itself.
_WRITTEN = re.compile(re.escape(IL2) + r"[A-Za-z0-9_./-]*[A-Za-z0-9_-]")


def _places(path: str, accepted: str) -> list[str]:
    """Where the rules send what is asked for, by all the rules that fit."""
    (rules,) = re.findall(r"```apache\n(.*?)```", PAGE, re.DOTALL)
    known = {"HTTP_ACCEPT": accepted}
    holds = True
    places = []
    for line in rules.splitlines():
        match line.split():
            case ["RewriteCond", tested, pattern]:
                holds = _holds(known[tested.strip("%{}").removeprefix("ENV:")], pattern)
            case ["RewriteRule", pattern, place, flags]:
                found = re.search(pattern, path)
                if found and holds and flags == "[R=303,L]":
                    filled = found.expand(place.replace("$", "\\"))
                    places.append(re.sub(r"%\{ENV:(\w+)\}", lambda name: known[name[1]], filled))
                elif found and holds:
                    name, value = re.fullmatch(r"\[E=(\w+):(.*)\]", flags).groups()  # type: ignore[union-attr]
                    known[name] = value
                holds = True
            case [] | ["RewriteEngine", "On"]:
                pass
            case _:
                raise AssertionError(line)
    return places


def _holds(value: str, pattern: str) -> bool:
    wanted = not pattern.startswith("!")
    pattern = pattern.removeprefix("!")
    return (value == pattern[1:] if pattern.startswith("=") else bool(re.search(pattern, value))) is wanted


@cache
def _published(name: str) -> str | None:
    """A file as the page says that it is published."""
    release, _, file = name.removeprefix(f"{SITE}/").partition("/")
    assert release == "latest" or re.fullmatch(r"\d+\.\d+\.\d+", release)
    if file in EXPORTED:
        assert f"il2kg export --format {EXPORTED[file][0]} > {file}\n" in PAGE
        return CliRunner().invoke(main, ["export", "--format", EXPORTED[file][0]], catch_exceptions=False).stdout
    if file == "authoring.ttl":
        assert f"cat shapes/authoring/*.ttl shapes/authoring/compiled/*.ttl > {file}\n" in PAGE
        paths = sorted((ROOT / "shapes" / "authoring").rglob("*.ttl"))
        return "".join(path.read_text(encoding="utf-8") for path in paths)
    return (ROOT / file).read_text(encoding="utf-8") if (ROOT / file).is_file() else None


@cache
def _described(place: str) -> frozenset[str]:
    """The IRIs of which a published file of RDF says something."""
    form = "turtle" if place.endswith(".ttl") else EXPORTED[place.rpartition("/")[2]][1]
    graph = Graph().parse(data=_published(place), format=form)
    return frozenset(str(term) for term in graph.subjects() if isinstance(term, URIRef))


def _terms() -> set[str]:
    return {iri for iri in _described(f"{SITE}/latest/il2kg.ttl") if iri.startswith(IL2)}


def _shapes() -> set[str]:
    graph = Graph()
    for path in (ROOT / "shapes").rglob("*.ttl"):
        if path.parent.name != "structure":  # parts of what is compiled
            graph.parse(path)
    return {str(term) for term in graph.subjects() if isinstance(term, URIRef)}


def _derived() -> set[str]:
    snapshot = CliRunner().invoke(main, ["snapshot", str(ROOT / "examples" / "clean.json")], catch_exceptions=False)
    compiled = [path.read_text(encoding="utf-8") for path in (ROOT / "shapes" / "criteria").glob("*.ttl")]
    return {
        DERIVED + name for text in (snapshot.stdout, *compiled) for name in re.findall(r"derived:([^\s;,\])]+)", text)
    }


def _written() -> set[str]:
    """What texts of the product name by its whole IRI."""
    folders = ("il2kg", "ontology", "guidelines", "shapes", "docs", "examples")
    kinds = {".py", ".ttl", ".md", ".tsv", ".json", ".jsonld"}
    texts = (
        path.read_text(encoding="utf-8")
        for folder in folders
        for path in (ROOT / folder).rglob("*")
        if path.suffix in kinds
    )
    found = {(match[0], text[match.end() : match.end() + 1]) for text in texts for match in _WRITTEN.finditer(text)}
    return {iri for iri, next_one in found if next_one not in ("/", "{", "#") and not iri.endswith("/")}


def _checked(iri: str, accepted: str) -> str:
    """The one place that an IRI leads to; there is such a file, and if it is RDF it speaks of the IRI."""
    (place,) = _places(iri.removeprefix(IL2), accepted)
    assert _published(place) is not None, place
    if place.endswith((".ttl", *EXPORTED)):
        version = re.fullmatch(re.escape(IL2) + r"\d+\.\d+\.\d+", iri)
        assert (IL2 if version else iri) in _described(place), place
    return place


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # by rdflib, of itself
@pytest.mark.parametrize("accepted", ACCEPTED)
def test_every_iri_leads_to_one_file_that_speaks_of_it(accepted: str) -> None:
    terms, shapes, derived, written = _terms(), _shapes(), _derived(), _written()
    assert (len(terms) > 1500, len(shapes) > 300, len(derived) > 100, len(written) > 20) == (True,) * 4
    endings = {Path(_checked(iri, accepted)).suffix for iri in terms}
    expected = {"application/ld+json": ".jsonld", "application/rdf+xml": ".rdf", BROWSER: ".md"}
    assert endings == {expected.get(accepted, ".ttl")}
    for iri in shapes | derived | written:
        _checked(iri, accepted)


@pytest.mark.parametrize("path", ["shape/", "shape/creatinine", "Oliguria/", "codes/a/b/c", "1.0", "x y", "-a"])
def test_what_is_no_name_leads_nowhere(path: str) -> None:
    assert _places(path, "text/turtle") == []


@pytest.mark.parametrize(
    ("accepted", "ending"),
    [
        ("text/turtle,application/ld+json;q=0.8,*/*;q=0.3", "ttl"),
        ("application/rdf+xml,text/rdf+n3;q=0.9,application/xhtml+xml;q=0.5", "rdf"),
        ("application/ld+json, application/rdf+xml;q=0.9", "jsonld"),
        ("", "ttl"),
    ],
)
def test_programs_get_the_form_that_they_name(accepted: str, ending: str) -> None:
    assert _places("Oliguria", accepted) == [f"{SITE}/latest/il2kg.{ending}"]


def test_no_shape_is_called_as_another_s_namespace() -> None:
    """Shapes of criteria are told from other shapes by their first word alone."""
    assert all(iri.removeprefix(SHAPE).partition("-")[0] not in ("record", "fhir") for iri in _shapes())

"""Turtle read as FHIR resources."""

from typing import Any

from il2kg.rdf.formats import RdfFormat
from il2kg.rdf.graphs import Graph
from il2kg.rdf.parsing import parse
from il2kg.read.fhir_rdf.resources import FoundResource, fhir_resources
from il2kg.read.sources.json_text import canonical
from il2kg.record import Problem

PREFIXES = """
@prefix fhir: <http://hl7.org/fhir/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix loinc: <http://loinc.org/rdf#> .
@prefix sct: <http://snomed.info/id/> .
"""
UNREADABLE = {"url": "urn:il2kg:unreadable"}


def graph(turtle: str) -> Graph:
    """The graph of a document of one graph."""
    graphs = parse((PREFIXES + turtle).encode(), RdfFormat.TURTLE, name="record.ttl")
    return graphs[0] if graphs else Graph("", {})


def found(turtle: str) -> tuple[list[FoundResource], list[Problem]]:
    """The resources of a document, and what is wrong."""
    problems: list[Problem] = []
    return fhir_resources(graph(turtle), problems), problems


def content(turtle: str) -> dict[str, Any]:
    """The only resource of a document with which nothing is wrong."""
    (resource,), problems = found(turtle)
    assert problems == []
    return resource.content


def flawed(turtle: str) -> tuple[dict[str, Any], list[tuple[str, str, str]]]:
    """The only resource of a document, and what is wrong: item, kind and details."""
    (resource,), problems = found(turtle)
    return resource.content, [(problem.item, problem.kind, problem.detail) for problem in problems]


def same(one: object, other: object) -> bool:
    """Whether two contents are the same to the types and digits of their values."""
    return canonical(one) == canonical(other)

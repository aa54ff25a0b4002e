"""What the vocabularies that the ontology borrows from say of their own terms.

Facts only, from the files that their makers publish: https://www.w3.org/2009/08/skos-reference/skos.rdf,
https://www.w3.org/ns/prov-o, https://www.w3.org/ns/sosa/, https://www.w3.org/2006/time,
https://www.dublincore.org/specifications/dublin-core/dcmi-terms/, http://qudt.org/schema/qudt/ and
https://vocab.org/vann/vann-vocab-20100607.rdf. Of SKOS nothing is
left out but the notes and what is no OWL DL (a range of lists); of the others, what the terms used here rest on.
"""

from typing import Final

PREFIXES: Final = """
    @prefix owl: <http://www.w3.org/2002/07/owl#> .
    @prefix prov: <http://www.w3.org/ns/prov#> .
    @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
    @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
    @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
    @prefix sosa: <http://www.w3.org/ns/sosa/> .
    @prefix time: <http://www.w3.org/2006/time#> .
    @prefix qudt: <http://qudt.org/schema/qudt/> .
    @prefix vann: <http://purl.org/vocab/vann/> .
    @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""

SKOS: Final = """
    skos:Concept a owl:Class .
    skos:ConceptScheme a owl:Class ; owl:disjointWith skos:Concept .
    skos:Collection a owl:Class ; owl:disjointWith skos:Concept , skos:ConceptScheme .
    skos:OrderedCollection a owl:Class ; rdfs:subClassOf skos:Collection .

    skos:prefLabel a owl:AnnotationProperty ; rdfs:subPropertyOf rdfs:label .
    skos:altLabel a owl:AnnotationProperty ; rdfs:subPropertyOf rdfs:label .
    skos:hiddenLabel a owl:AnnotationProperty ; rdfs:subPropertyOf rdfs:label .
    skos:note a owl:AnnotationProperty .
    skos:changeNote a owl:AnnotationProperty ; rdfs:subPropertyOf skos:note .
    skos:definition a owl:AnnotationProperty ; rdfs:subPropertyOf skos:note .
    skos:editorialNote a owl:AnnotationProperty ; rdfs:subPropertyOf skos:note .
    skos:example a owl:AnnotationProperty ; rdfs:subPropertyOf skos:note .
    skos:historyNote a owl:AnnotationProperty ; rdfs:subPropertyOf skos:note .
    skos:scopeNote a owl:AnnotationProperty ; rdfs:subPropertyOf skos:note .
    skos:notation a owl:DatatypeProperty .

    skos:inScheme a owl:ObjectProperty ; rdfs:range skos:ConceptScheme .
    skos:hasTopConcept a owl:ObjectProperty ; rdfs:domain skos:ConceptScheme ; rdfs:range skos:Concept .
    skos:topConceptOf a owl:ObjectProperty ; rdfs:subPropertyOf skos:inScheme ; owl:inverseOf skos:hasTopConcept .
    skos:member a owl:ObjectProperty ; rdfs:domain skos:Collection .
    skos:memberList a owl:ObjectProperty , owl:FunctionalProperty ; rdfs:domain skos:OrderedCollection .

    skos:semanticRelation a owl:ObjectProperty ; rdfs:domain skos:Concept ; rdfs:range skos:Concept .
    skos:broaderTransitive a owl:ObjectProperty , owl:TransitiveProperty ; rdfs:subPropertyOf skos:semanticRelation .
    skos:narrowerTransitive a owl:ObjectProperty , owl:TransitiveProperty ; rdfs:subPropertyOf skos:semanticRelation ;
        owl:inverseOf skos:broaderTransitive .
    skos:broader a owl:ObjectProperty ; rdfs:subPropertyOf skos:broaderTransitive .
    skos:narrower a owl:ObjectProperty ; rdfs:subPropertyOf skos:narrowerTransitive ; owl:inverseOf skos:broader .
    skos:related a owl:ObjectProperty , owl:SymmetricProperty ; rdfs:subPropertyOf skos:semanticRelation .
    skos:mappingRelation a owl:ObjectProperty ; rdfs:subPropertyOf skos:semanticRelation .
    skos:closeMatch a owl:ObjectProperty , owl:SymmetricProperty ; rdfs:subPropertyOf skos:mappingRelation .
    skos:exactMatch a owl:ObjectProperty , owl:SymmetricProperty , owl:TransitiveProperty ;
        rdfs:subPropertyOf skos:closeMatch .
    skos:broadMatch a owl:ObjectProperty ; rdfs:subPropertyOf skos:mappingRelation , skos:broader .
    skos:narrowMatch a owl:ObjectProperty ; rdfs:subPropertyOf skos:mappingRelation , skos:narrower ;
        owl:inverseOf skos:broadMatch .
    skos:relatedMatch a owl:ObjectProperty , owl:SymmetricProperty ;
        rdfs:subPropertyOf skos:mappingRelation , skos:related .
"""

PROV: Final = """
    prov:Activity a owl:Class ; owl:disjointWith prov:Entity .
    prov:Agent a owl:Class ; owl:disjointWith prov:InstantaneousEvent .
    prov:SoftwareAgent a owl:Class ; rdfs:subClassOf prov:Agent .
    prov:Derivation a owl:Class .
    prov:Entity a owl:Class ; owl:disjointWith prov:InstantaneousEvent .
    prov:InstantaneousEvent a owl:Class .
    prov:wasInfluencedBy a owl:ObjectProperty .
    prov:wasDerivedFrom a owl:ObjectProperty ; rdfs:domain prov:Entity ; rdfs:range prov:Entity ;
        rdfs:subPropertyOf prov:wasInfluencedBy .
"""

SOSA: Final = """
    sosa:ObservableProperty a owl:Class .
    sosa:Observation a owl:Class .
    sosa:ObservationCollection a owl:Class .
    sosa:FeatureOfInterest a owl:Class .
    sosa:Result a owl:Class .
    sosa:hasFeatureOfInterest a owl:ObjectProperty .
    sosa:hasMember a owl:ObjectProperty .
    sosa:hasResult a owl:ObjectProperty .
    sosa:hasSimpleResult a owl:DatatypeProperty .
    sosa:observedProperty a owl:ObjectProperty .
    sosa:phenomenonTime a owl:ObjectProperty .
    sosa:resultTime a owl:DatatypeProperty .
"""

TIME: Final = """
    time:TemporalEntity a owl:Class .
    time:Instant a owl:Class ; rdfs:subClassOf time:TemporalEntity .
    time:Interval a owl:Class ; rdfs:subClassOf time:TemporalEntity .
    time:hasBeginning a owl:ObjectProperty ; rdfs:domain time:TemporalEntity ; rdfs:range time:Instant .
    time:hasEnd a owl:ObjectProperty ; rdfs:domain time:TemporalEntity ; rdfs:range time:Instant .
    time:inXSDDate a owl:DatatypeProperty ; rdfs:domain time:Instant .
    time:inXSDDateTime a owl:DatatypeProperty ; rdfs:domain time:Instant .
    time:inXSDDateTimeStamp a owl:DatatypeProperty ; rdfs:domain time:Instant .
    time:inXSDgYear a owl:DatatypeProperty ; rdfs:domain time:Instant .
    time:inXSDgYearMonth a owl:DatatypeProperty ; rdfs:domain time:Instant .
"""

QUDT: Final = """
    qudt:QuantityValue a owl:Class .
    qudt:Unit a owl:Class .
    qudt:hasUnit a owl:ObjectProperty .
    qudt:ucumCode a owl:DatatypeProperty .
"""

KIND_LEFT_OPEN: Final = (
    frozenset(
        f"http://purl.org/dc/terms/{name}" for name in ("title", "license", "description", "identifier", "source")
    )
    | frozenset(f"http://qudt.org/schema/qudt/{name}" for name in ("value", "numericValue", "unit"))
    | frozenset(f"http://www.w3.org/ns/shacl#{name}" for name in ("minExclusive", "minInclusive", "maxInclusive"))
)
"""Terms that their makers declare as properties only, or in each edition of another kind."""

VANN: Final = """
    vann:preferredNamespacePrefix a owl:AnnotationProperty .
    vann:preferredNamespaceUri a owl:AnnotationProperty .
"""

ALL: Final = PREFIXES + SKOS + PROV + SOSA + TIME + QUDT + VANN

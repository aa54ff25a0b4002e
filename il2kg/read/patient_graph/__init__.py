"""The product's own patient graph, RDF in the vocabulary of ``ontology/vocabulary/patient-record.ttl``, as statements.

`terms` has the vocabulary as tables, `tables` what the ontology says of IRIs; `said` reads one node and notes what is
wrong with it; `texts`, `values` and `times` read what items have in common, `items` the items of each class, `classes`
which nodes are items, and `patients` whose they are. None knows what a code, a unit or a time means: that is asked of
the statements, as for any other format.
"""

from il2kg.read.patient_graph.classes import is_patient_graph
from il2kg.read.patient_graph.patients import read_patients
from il2kg.read.patient_graph.tables import Tables

__all__ = ["Tables", "is_patient_graph", "read_patients"]

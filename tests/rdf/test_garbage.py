"""Whatever bytes come, they are graphs or an error that says why not."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from il2kg.errors import RecordError
from il2kg.rdf.formats import RdfFormat, recognised
from il2kg.rdf.graphs import Graph
from il2kg.rdf.parsing import parse, parse_stream
from il2kg.rdf.writing import serialise
from tests.rdf.generated import PREFIXES, several, single, whole

NAMED = {RdfFormat.TRIG, RdfFormat.N_QUADS, RdfFormat.JSON_LD}
SNIPPETS = (
    *(
        b"<",
        b">",
        b"<<",
        b'"',
        b'"""',
        b"'",
        b"\\",
        b"\\u",
        b"\\ud800",
        b"[",
        b"]",
        b"(",
        b")",
        b"{",
        b"}",
        b"|}",
        b"~",
    ),
    *(
        b".",
        b";",
        b",",
        b"#",
        b"^^",
        b"@",
        b"@en",
        b"_:",
        b":",
        b"a",
        b"@prefix",
        b"BASE",
        b"GRAPH",
        b"1",
        b"true",
        b"\0",
    ),
    *(
        b"\xff",
        b"\xed\xa0\x80",
        b"\xef\xbb\xbf",
        b"\r",
        b"\n",
        b"%zz",
        b"&",
        b"&#0;",
        b"<!",
        b"<!--",
        b"<?",
        b"]]>",
        b"/>",
    ),
    *(
        b"null",
        b"-",
        b"1e9",
        b'"@id":',
        b'"@type":',
        b'"@context":',
        b'"@list":',
        b'"@graph":[',
        b'"@value":',
        b"xmlns:",
    ),
    *(
        b"rdf:li",
        b'rdf:parseType="Collection"',
        b'rdf:ID="x"',
        b"rdf:nodeID='y'",
        b" xml:lang='e n'",
        b" xml:base='::'",
    ),
)


def attempted(read: Callable[[], list[Graph] | None]) -> tuple[list[Graph] | None, str]:
    """What comes of it, and why if nothing does."""
    try:
        return read(), ""
    except RecordError as error:
        return None, str(error)


def outcome(data: bytes, form: RdfFormat) -> list[Graph] | None:
    """The graphs of a document, None if it is refused; a stream of it is refused or read, too."""
    _, unknown = attempted(lambda: recognised(data) and None)
    _, unread = attempted(lambda: list(parse_stream([data[:9], data[9:]], form)))
    graphs, refused = attempted(lambda: parse(data, form))
    assert (unknown + unread + refused).isprintable()
    assert (graphs is None) == bool(refused)
    return graphs


def survives(graphs: list[Graph] | None) -> bool:
    """Whether graphs, if there are any, can be written and read."""
    if graphs is None:
        return True
    return whole(parse(serialise(graphs, RdfFormat.N_QUADS, {}), RdfFormat.N_QUADS)) == whole(graphs)


@pytest.mark.parametrize("form", RdfFormat)
@settings(max_examples=100)
@given(st.one_of(st.binary(max_size=60), st.lists(st.sampled_from(SNIPPETS), max_size=8).map(b"".join)))
def test_garbage(form: RdfFormat, data: bytes) -> None:
    assert survives(outcome(data, form))


@pytest.mark.parametrize("form", RdfFormat)
@settings(max_examples=60)
@given(st.data())
def test_documents_with_slips(form: RdfFormat, data: st.DataObject) -> None:
    text = serialise(data.draw(several() if form in NAMED else single()), form, PREFIXES)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text)))
        text = text[:at] + data.draw(st.sampled_from(SNIPPETS)) + text[at + data.draw(st.integers(0, 9)) :]
    assert survives(outcome(text, form))

"""What the page on new formats shows works."""

import re
from pathlib import Path

PAGE = Path(__file__).parent.parent / "docs" / "formats.md"


def test_the_example_of_a_new_format_reads_a_table() -> None:
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 2
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, str(PAGE), "exec"), names)

"""Where the ontology, shapes and queries are.

In a checkout they are the repository's own folders, so that an edit is seen at once; in an installed wheel they
travel inside the package.
"""

from pathlib import Path

_PACKAGE = Path(__file__).parent
_CHECKOUT = _PACKAGE.parent


def content_root() -> Path:
    """The folder that holds ``ontology/``, ``shapes/`` and ``queries/``."""
    if (_CHECKOUT / "pyproject.toml").is_file() and (_CHECKOUT / "ontology" / "core.ttl").is_file():
        return _CHECKOUT
    return _PACKAGE / "content"

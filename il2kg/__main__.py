"""``python -m il2kg``."""

from il2kg.cli import main

main()

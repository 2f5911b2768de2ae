"""``python -m turnus.interfaces.cli``."""

from turnus.interfaces.cli.main import main

main()

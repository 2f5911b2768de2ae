"""The command line: ``turnus``."""

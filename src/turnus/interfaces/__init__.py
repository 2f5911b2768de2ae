"""Parse, make one call, answer: how people and programs reach Turnus."""

"""What talks to the world: each package implements ``Protocol`` classes of ``turnus.ports``; none knows Django."""

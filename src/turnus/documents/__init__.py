"""Rendered documents in the archive. Designs, texts and deliveries of every kind of document have their place here."""

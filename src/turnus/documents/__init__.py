"""Rendered documents in the archive and reports of their validation. Designs, texts and deliveries come here too."""

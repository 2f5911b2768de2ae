"""Texts in German and English by the code that asks for them; ``core/messages`` fills in their blanks."""

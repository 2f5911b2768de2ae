"""Documents on paper: ``TypstRenderer`` prints an ``InvoiceDocument`` as a business letter after DIN 5008."""

from turnus.adapters.document.renderer import TypstRenderer

__all__ = ["TypstRenderer"]

"""E-invoices as XML: ``Xml`` writes and reads ``Invoice`` in CII D16B and UBL 2.1 (Invoice and CreditNote)."""

from turnus.adapters.einvoice.xml import Xml

__all__ = ["Xml"]

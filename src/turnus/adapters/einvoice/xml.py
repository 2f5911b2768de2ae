"""Both syntaxes behind the port ``InvoiceXml``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from turnus.adapters.einvoice.cii_read import read_cii
from turnus.adapters.einvoice.cii_write import R, write_cii
from turnus.adapters.einvoice.parse import parsed
from turnus.adapters.einvoice.ubl_read import read_ubl
from turnus.adapters.einvoice.ubl_write import UBL, write_ubl
from turnus.adapters.validation.pdf import xml_in_pdf
from turnus.core.messages import message
from turnus.ports import Rejected

if TYPE_CHECKING:
    from turnus.core.einvoice.model import Invoice, ReadInvoice

_READERS: Final = {
    R + "CrossIndustryInvoice": read_cii,
    f"{{{UBL.format('Invoice')}}}Invoice": read_ubl,
    f"{{{UBL.format('CreditNote')}}}CreditNote": read_ubl,
}


class Xml:
    """E-invoices as XML."""

    def write(self, invoice: Invoice, syntax: str) -> bytes:
        """The invoice in a syntax, ``cii`` or ``ubl``; equal invoices give equal bytes. Raises ``Rejected``."""
        return write_cii(invoice) if syntax == "cii" else write_ubl(invoice)

    def inside(self, pdf: bytes) -> bytes:
        """The only e-invoice inside a PDF. Raises ``Rejected`` where there is none, or several."""
        found = xml_in_pdf(pdf)
        if isinstance(found, str):
            raise Rejected(message(found, {}, "en"), message(found, {}, "de"))
        return found[1]

    def read(self, data: bytes) -> ReadInvoice:
        """What a file says. Raises ``Rejected`` where it is no bounded XML or none of the syntaxes."""
        root = parsed(data)
        reader = _READERS.get(str(root.tag))
        if reader is None:
            raise Rejected(f"The file is neither CII nor UBL: {root.tag}.", f"Weder CII noch UBL: {root.tag}.")
        return reader(root)

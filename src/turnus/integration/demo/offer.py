"""The demonstration company's catalogue: web hosting, software, telephony, an e-paper."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from turnus.core.catalog import Model, PriceData, ProductData, ProductKind, TaxClass

_FLAT, _UNIT, _METERED = Model.RECURRING_FLAT, Model.RECURRING_UNIT, Model.METERED_UNIT
_OLD, _NEW = date(2018, 1, 1), date(2025, 1, 1)
"""Days from which the two price lists hold."""


class Offer(NamedTuple):
    """A product with the price of its first and its second price list, major units."""

    product: ProductData
    model: Model
    price: str
    price_new: str
    gross: bool = False

    def prices(self) -> list[PriceData]:
        """One row per price list that differs."""
        code, model, gross = self.product.code, self.model, self.gross
        if self.price == self.price_new:
            return [PriceData(code, model, "EUR", Decimal(self.price), _OLD, gross=gross)]
        return [
            PriceData(code, model, "EUR", Decimal(self.price), _OLD, _NEW, gross=gross),
            PriceData(code, model, "EUR", Decimal(self.price_new), _NEW, gross=gross),
        ]


def _product(code: str, name: str, name_en: str, unit: str = "C62", description: str = "") -> ProductData:
    return ProductData(code, name, name_en, description, kind=ProductKind.ELECTRONIC, unit=unit)


def _reduced(code: str, name: str, name_en: str, kind: ProductKind) -> ProductData:
    return ProductData(code, name, name_en, kind=kind, tax_class=TaxClass.REDUCED)


OFFERS: Final[tuple[Offer, ...]] = (
    Offer(_product("WEB-S", "Webhosting Start", "Web hosting Start", "LS"), _FLAT, "6.90", "7.90"),
    Offer(_product("WEB-M", "Webhosting Business", "Web hosting Business", "LS"), _FLAT, "16.90", "19.90"),
    Offer(_product("WEB-L", "Webhosting Premium", "Web hosting Premium", "LS"), _FLAT, "36.90", "39.90"),
    Offer(_product("MAIL", "Postfach 50 GB", "Mailbox 50 GB"), _UNIT, "2.20", "2.50"),
    Offer(_product("BACKUP", "Datensicherung je 100 GB", "Backup per 100 GB"), _UNIT, "4.50", "4.90"),
    Offer(_product("SERVER", "Cloud-Server 4 Kerne", "Cloud server 4 cores"), _UNIT, "27.00", "29.00"),
    Offer(_product("CRM", "Kundenverwaltung, Nutzerlizenz", "CRM, user licence"), _UNIT, "22.00", "24.00"),
    Offer(_product("ERP", "Warenwirtschaft, Nutzerlizenz", "ERP, user licence"), _UNIT, "46.00", "49.00"),
    Offer(ProductData("SUPPORT", "Wartung und Support", "Maintenance and support"), _FLAT, "1180.00", "1290.00"),
    Offer(_product("DOMAIN", "Domain mit Zertifikat", "Domain with certificate"), _FLAT, "17.40", "18.60"),
    Offer(_product("TRAFFIC", "Datenübertragung", "Data transfer", "E34"), _METERED, "0.049", "0.0465"),
    Offer(_product("POWER", "Strom im Rechenzentrum", "Data centre power", "KWH"), _METERED, "0.289", "0.3125"),
    Offer(_product("PHONE", "Telefonanlage, Nebenstelle", "Telephone system, extension"), _UNIT, "5.90", "5.90"),
    Offer(_product("CALLS", "Verbindungen nach Einzelnachweis", "Calls as itemised"), Model.RATED, "0", "0"),
    Offer(ProductData("SETUP", "Einrichtung", "Set-up"), Model.ONE_OFF, "99.00", "119.00"),
    Offer(_product("CLOUD", "Privat-Cloud 1 TB", "Private cloud 1 TB", "LS"), _FLAT, "4.99", "5.49", gross=True),
    Offer(_reduced("EPAPER", "E-Paper „Netz & Recht“", "E-paper “Netz & Recht”", ProductKind.ELECTRONIC), _FLAT, "8.49",
          "8.99", gross=True),
    Offer(_reduced("BOOK", "Jahrbuch „Netz & Recht“", "Yearbook “Netz & Recht”", ProductKind.GOODS), _FLAT, "39.00",
          "42.00", gross=True),
)  # fmt: skip

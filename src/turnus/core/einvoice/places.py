"""Which business term stands where in the model: path of the value → BT, for whoever shows all of an invoice."""

from __future__ import annotations

from typing import Final

_ADDRESS: Final = ("line1", "line2", "line3", "city", "postcode", "region", "country")
_ADJUSTMENT: Final = ("amount", "base", "percent", "reason", "code", "category", "rate")


def _group(path: str, names: tuple[str, ...], terms: str) -> dict[str, str]:
    return {f"{path}.{name}": f"BT-{term}" for name, term in zip(names, terms.split(), strict=True)}


def _rows(text: str) -> dict[str, str]:
    pairs = (row.split() for row in text.strip().splitlines())
    return {path: f"BT-{term}" for path, term in pairs}


PLACES: Final = {
    **_rows("""
        number 1
        issue_date 2
        code 3
        currency 5
        tax_currency 6
        tax_point 7
        tax_point_code 8
        terms.due 9
        buyer_reference 10
        project 11
        contracts 12
        orders.number 13
        orders.sales_order 14
        receiving_advice 15
        despatch_advice 16
        tender 17
        subject.value 18
        subject.scheme 18-1
        accounting 19
        terms.text 20
        notes.subject 21
        notes.text 22
        process 23
        specification 24
        preceding.number 25
        preceding.issue_date 26
        seller.name 27
        seller.trading_name 28
        seller.identifiers.value 29
        seller.identifiers.scheme 29-1
        seller.registration.value 30
        seller.registration.scheme 30-1
        seller.vat_id 31
        seller.tax_number 32
        seller.legal_info 33
        seller.endpoint.value 34
        seller.endpoint.scheme 34-1
        seller.contact.name 41
        seller.contact.phone 42
        seller.contact.email 43
        buyer.name 44
        buyer.trading_name 45
        buyer.identifiers.value 46
        buyer.identifiers.scheme 46-1
        buyer.registration.value 47
        buyer.registration.scheme 47-1
        buyer.vat_id 48
        buyer.endpoint.value 49
        buyer.endpoint.scheme 49-1
        buyer.contact.name 56
        buyer.contact.phone 57
        buyer.contact.email 58
        payee.name 59
        payee.identifier.value 60
        payee.identifier.scheme 60-1
        payee.registration.value 61
        payee.registration.scheme 61-1
        representative.name 62
        representative.vat_id 63
        deliveries.name 70
        deliveries.location.value 71
        deliveries.location.scheme 71-1
        deliveries.on 72
        period.start 73
        period.end 74
        payment.means.code 81
        payment.means.text 82
        payment.remittance 83
        payment.means.transfer.account 84
        payment.means.transfer.holder 85
        payment.means.transfer.bic 86
        payment.means.card.number 87
        payment.means.card.holder 88
        payment.mandate 89
        payment.creditor 90
        payment.means.debited 91
        totals.lines 106
        totals.allowances 107
        totals.charges 108
        totals.net 109
        totals.tax 110
        totals.tax_accounting 111
        totals.gross 112
        totals.prepaid 113
        totals.rounding 114
        totals.due 115
        taxes.base 116
        taxes.tax 117
        taxes.category 118
        taxes.rate 119
        taxes.reason 120
        taxes.code 121
        attachments.reference 122
        attachments.description 123
        attachments.uri 124
        attachments.content 125
        attachments.mime 125-1
        attachments.filename 125-2
        lines.number 126
        lines.note 127
        lines.subject.value 128
        lines.subject.scheme 128-1
        lines.quantity 129
        lines.unit 130
        lines.net 131
        lines.order_line 132
        lines.accounting 133
        lines.period.start 134
        lines.period.end 135
        lines.price.net 146
        lines.price.discount 147
        lines.price.gross 148
        lines.price.quantity 149
        lines.price.unit 150
        lines.category 151
        lines.rate 152
        lines.item.name 153
        lines.item.description 154
        lines.item.seller_id 155
        lines.item.buyer_id 156
        lines.item.standard_id.value 157
        lines.item.standard_id.scheme 157-1
        lines.item.classes.value 158
        lines.item.classes.scheme 158-1
        lines.item.classes.version 158-2
        lines.item.origin 159
        lines.item.attributes.0 160
        lines.item.attributes.1 161"""),
    **_group("seller.address", _ADDRESS, "35 36 162 37 38 39 40"),
    **_group("buyer.address", _ADDRESS, "50 51 163 52 53 54 55"),
    **_group("representative.address", _ADDRESS, "64 65 164 66 67 68 69"),
    **_group("deliveries.address", _ADDRESS, "75 76 165 77 78 79 80"),
    **_group("adjustments.allowance", _ADJUSTMENT, "92 93 94 97 98 95 96"),
    **_group("adjustments.charge", _ADJUSTMENT, "99 100 101 104 105 102 103"),
    **_group("lines.adjustments.allowance", _ADJUSTMENT[:5], "136 137 138 139 140"),
    **_group("lines.adjustments.charge", _ADJUSTMENT[:5], "141 142 143 144 145"),
}
"""Path without the numbers of repeated groups → business term; ``adjustments`` say which kind they are of."""

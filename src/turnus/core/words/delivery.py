"""Channels, forms of invoices, texts of e-mails, deliveries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    "post_needs_pdf": ("Per Post geht nur das PDF: --content pdf.", "By post only the PDF goes: --content pdf."),
    "peppol_needs_xml": ("Über Peppol geht nur XML: --content xml.", "Peppol carries XML only: --content xml."),
    "role_needs_email": (
        "Eine Rolle von Ansprechpartnern hat nur bei E-Mail Sinn, nicht bei {way}.",
        "A role of contacts makes sense for e-mail only, not for {way}.",
    ),
    "ozg_re_needs_xml": (
        "Die OZG-RE nimmt nur XRechnungen als XML an: --content xml.",
        "OZG-RE takes XRechnung as XML only: --content xml.",
    ),
    "ozg_re_ways": (
        "Zur OZG-RE führen E-Mail, Peppol und eine vorbereitete Datei (folder), nicht {way}.",
        "E-mail, Peppol and a prepared file (folder) lead to OZG-RE, not {way}.",
    ),
    "ozg_re_needs_leitweg": (
        "Der Kunde {customer} hat keine Leitweg-ID; ohne sie nimmt die OZG-RE nichts an.",
        "Customer {customer} has no Leitweg-ID; without it OZG-RE takes nothing.",
    ),
    "ozg_re_needs_address": (
        "Für die OZG-RE per E-Mail ist ihre Adresse anzugeben: --address.",
        "For OZG-RE by e-mail give its address: --address.",
    ),
    "basware_ways": (
        "Zu Basware führen E-Mail, Peppol und SFTP, nicht {way}.",
        "E-mail, Peppol and SFTP lead to Basware, not {way}.",
    ),
    "basware_needs_address": (
        "Basware braucht die E-Rechnungsadresse des Empfängers: --address.",
        "Basware needs the recipient's e-invoice address: --address.",
    ),
    "no_recipient": (
        ("Für {way} fehlt die Adresse des Kunden {customer}: --address, oder beim Kunden eintragen (E-Mail, "
        "Ansprechpartner, elektronische Adresse, Leitweg-ID)."),
        ("For {way} customer {customer} has no address: --address, or enter it with the customer (e-mail, contact, "
        "electronic address, Leitweg-ID)."),
    ),
    "channel_known": ("Diesen Kanal gibt es schon.", "This channel exists already."),
    "unknown_channel": ("Den Kanal {channel} gibt es nicht.", "There is no channel {channel}."),
    "no_channel": (
        "Der Kunde {customer} hat keinen Kanal: turnus channel add.",
        "Customer {customer} has no channel: turnus channel add.",
    ),
    "no_files": (
        "Im Archiv fehlt, was gesendet werden soll ({content}). Vorhanden: {known}.",
        "What shall be sent ({content}) is not in the archive. There is: {known}.",
    ),
    "unfit_invalid": (
        "Der Beleg verletzt eine Regel für E-Rechnungen und darf nicht hinaus: turnus invoice validate.",
        "The document breaks a rule for e-invoices and must not leave: turnus invoice validate.",
    ),
    "unfit_not_judged": (
        "Die amtlichen Regeln haben den Beleg noch nicht geprüft: turnus work.",
        "The official rules have not judged the document yet: turnus work.",
    ),
    "worker_died": (
        "Der Vorgang brach ab, während gesendet wurde: Es ist unbekannt, ob die Sendung angekommen ist.",
        "The process died while it was sending: nobody knows whether it arrived.",
    ),
    "unknown_delivery": ("Die Sendung {delivery} gibt es nicht.", "There is no delivery {delivery}."),
    "resend_needs_approval": (
        "Sendung {delivery} ist vielleicht schon angekommen. Erst nachfragen, dann --approve.",
        "Delivery {delivery} may have arrived. Ask first, then --approve.",
    ),
    "resend_waits": (
        "Sendung {delivery} ist noch unterwegs ({state}).",
        "Delivery {delivery} is still under way ({state}).",
    ),
    "mail_empty": ("{field}: leer.", "{field}: empty."),
    "mail_brace": (
        "{field}: einzelne geschweifte Klammer. Für eine Klammer im Text zwei schreiben.",
        "{field}: a single brace. Write two for a brace in the text.",
    ),
    "mail_placeholder": (
        "Den Platzhalter „{name}“ gibt es nicht. Möglich: {known}.",
        "There is no placeholder “{name}”. Possible: {known}.",
    ),
    "mail_subject_lines": ("Der Betreff hat mehrere Zeilen.", "The subject has several lines."),
    "form_not_covered": (
        "Der Empfänger sitzt nicht in Deutschland; ein anderes elektronisches Format braucht seine Zustimmung.",
        "The recipient is not established in Germany; another electronic format needs its consent.",
    ),
    "form_direct_order": (
        "Direktauftrag bis 1.000 € (§ 3 Abs. 3 ERechV): jede Form.",
        "Direct order up to €1,000 (§ 3 (3) ERechV): any form.",
    ),
    "form_federal_duty": (
        "Behörden des Bundes nehmen nur E-Rechnungen an (§ 3 ERechV).",
        "Authorities of the federation take e-invoices only (§ 3 ERechV).",
    ),
    "form_state_law": (
        "Öffentlicher Auftraggeber eines Landes: E-Rechnung, mit Zustimmung auch PDF; das Landesrecht geht vor.",
        "Public buyer of a state: e-invoice, with consent also PDF; the law of the state prevails.",
    ),
    "form_exempt_tax_free": (
        "Steuerfrei nach § 4 Nr. 8–29 UStG: jede Form.", "Tax-free by § 4 no. 8–29 UStG: any form.",
    ),
    "form_exempt_small_business": (
        "Kleinunternehmer (§ 34a S. 4 UStDV): jede Form.", "Small business (§ 34a s. 4 UStDV): any form.",
    ),
    "form_exempt_ticket": ("Fahrausweis (§ 34 UStDV): jede Form.", "Ticket (§ 34 UStDV): any form."),
    "form_small_amount": ("Bis 250 € brutto (§ 33 UStDV): jede Form.", "Up to €250 gross (§ 33 UStDV): any form."),
    "form_before_duty": (
        "Leistung vor 2025: Papier, mit Zustimmung PDF.", "Supply before 2025: paper, with consent PDF.",
    ),
    "form_relief_2026": (
        "Leistung und Versand bis 31.12.2026 (§ 27 Abs. 38 Nr. 1 UStG): Papier, mit Zustimmung PDF.",
        "Supply and dispatch until 2026-12-31 (§ 27 (38) no. 1 UStG): paper, with consent PDF.",
    ),
    "form_relief_2027": (
        "Leistung und Versand 2027, Umsatz bis 800.000 € (§ 27 Abs. 38 Nr. 2 UStG): Papier, mit Zustimmung PDF.",
        "Supply and dispatch in 2027, turnover up to €800,000 (§ 27 (38) no. 2 UStG): paper, with consent PDF.",
    ),
    "form_duty": (
        "Unternehmen in Deutschland brauchen eine E-Rechnung (§ 14 Abs. 2 UStG).",
        "Businesses in Germany need an e-invoice (§ 14 (2) UStG).",
    ),
    "form_consumer_consent": (
        "Verbraucher mit Zustimmung: jede Form.", "Consumer with consent: any form.",
    ),
    "form_consumer_paper": (
        "Verbraucher ohne Zustimmung zu elektronischen Rechnungen: nur Papier (§ 14 Abs. 1 S. 5 UStG). --consent TAG.",
        "Consumer without consent to electronic invoices: paper only (§ 14 (1) s. 5 UStG). --consent DAY.",
    ),
}  # fmt: skip

STATES: Final[Mapping[str, tuple[str, str]]] = {
    "queued": ("wartet", "queued"),
    "sending": ("wird gesendet", "sending"),
    "sent": ("gesendet", "sent"),
    "delivered": ("zugestellt", "delivered"),
    "bounced": ("zurückgekommen", "bounced"),
    "failed": ("gescheitert", "failed"),
    "unknown": ("ungewiss", "unknown"),
    "approved": ("zum erneuten Senden freigegeben", "approved for resend"),
}
"""State of a delivery → what people call it."""

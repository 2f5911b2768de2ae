"""Documents, corrections and payments that are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    "unknown_invoice": (
        "Die Rechnung „{invoice}“ gibt es nicht. turnus invoice list zeigt die Rechnungen.",
        "There is no invoice “{invoice}”. turnus invoice list shows the invoices.",
    ),
    "not_issued": (
        "Die Rechnung {invoice} ist nicht festgeschrieben. Einen Entwurf kann man ändern oder verwerfen.",
        "Invoice {invoice} is not issued. A draft can be changed or discarded.",
    ),
    "not_a_draft": (
        (
            "Nur von Hand geschriebene Entwürfe lassen sich bearbeiten. Entwürfe eines Laufs ändern sich mit dem "
            "Vertrag; festgeschriebene Rechnungen werden storniert oder berichtigt."
        ),
        (
            "Only drafts written by hand can be edited. Drafts of a run change with their contract; issued invoices "
            "are cancelled or credited."
        ),
    ),
    "is_cancellation": (
        "{number} ist selbst ein Storno und wird nicht storniert. Stattdessen neu berechnen.",
        "{number} is a cancellation itself and cannot be cancelled. Bill anew instead.",
    ),
    "not_proforma": (
        "{number} ist keine Proformarechnung, oder nimmt selbst eine zurück.",
        "{number} is no pro forma invoice, or takes one back itself.",
    ),
    "already_cancelled": ("{number} ist schon storniert.", "{number} is cancelled already."),
    "no_reason": ("Bitte einen Grund angeben: --reason …", "Please give a reason: --reason …"),
    "not_an_invoice": (
        "{number} ist keine Rechnung, sondern eine Korrektur; gutschreiben lassen sich nur Rechnungen.",
        "{number} is not an invoice but a correction; only invoices can be credited.",
    ),
    "unknown_line": (
        "Die Zeile {line} gibt es auf der Rechnung nicht. turnus invoice show zeigt die Zeilen.",
        "The invoice has no line {line}. turnus invoice show shows its lines.",
    ),
    "pending_difference": (
        "Zu {number} steht noch eine Vertragsänderung aus. Erst den Rechnungslauf darüber laufen lassen.",
        "A change of contract is still pending for {number}. Let an invoice run bill it first.",
    ),
    "nothing_left": (
        "Davon ist nichts mehr übrig, was man zurücknehmen könnte.",
        "Nothing of it is left to take back.",
    ),
    "billed_again": (
        "Die Tage ab {day} sind inzwischen neu berechnet. Stattdessen die neuere Rechnung stornieren.",
        "The days from {day} have been billed again since. Cancel the newer invoice instead.",
    ),
    "being_issued": (
        "Lauf {run} hat für dieses Konto schon freigegeben. Erst den Lauf ausstellen oder zurückziehen.",
        "Run {run} has released documents for this account. Issue or withdraw the run first.",
    ),
    "not_positive": ("Der Betrag muss größer als 0 sein.", "The amount must be greater than 0."),
    "too_much": ("Mehr als {left} ist davon nicht mehr übrig.", "No more than {left} of it is left."),
    "missing_data": (
        "Für eine gültige Rechnung fehlt: {fields}. Bitte ergänzen.",
        "A valid invoice lacks: {fields}. Please complete it.",
    ),
    "billable_billed": (
        "„{key}“ ist schon berechnet ({number}) und ändert sich nicht mehr. Erst die Rechnung stornieren.",
        "“{key}” is invoiced already ({number}) and no longer changes. Cancel that invoice first.",
    ),
    "billable_drafted": (
        "„{key}“ steht auf dem Entwurf {invoice}. Erst den Entwurf verwerfen (turnus invoice discard {invoice}).",
        "“{key}” is on draft {invoice}. Discard the draft first (turnus invoice discard {invoice}).",
    ),
    "draft_of_records": (
        (
            "Der Entwurf {invoice} ist aus Datensätzen entstanden. Verwerfen (turnus invoice discard {invoice}), die "
            "Datensätze neu übernehmen und wieder sammeln."
        ),
        (
            "Draft {invoice} was made of billable records. Discard it (turnus invoice discard {invoice}), import the "
            "records anew and collect again."
        ),
    ),
    "unknown_job": (
        "Den Auftrag „{job}“ gibt es nicht. turnus job list zeigt die Aufträge.",
        "There is no job “{job}”. turnus job list shows the jobs.",
    ),
    "job_known": (
        "Den Auftrag „{job}“ gibt es schon. Bitte eine andere Nummer wählen.",
        "There is a job “{job}” already. Please choose another number.",
    ),
    "job_finished": (
        "Der Auftrag „{job}“ ist mit {number} schlussgerechnet. Erst die Schlussrechnung stornieren.",
        "Job “{job}” has its final invoice {number}. Cancel that first.",
    ),
    "overbilled": (
        "{asked} {currency} netto sind mehr, als vom Auftrag übrig ist: {left} {currency}.",
        "{asked} {currency} net is more than is left of the job: {left} {currency}.",
    ),
    "part_too_large": (
        "Von Zeile {line} des Auftrags ist nur noch Menge {left} zu berechnen.",
        "Of line {line} of the job only quantity {left} is left to invoice.",
    ),
    "covering": (
        "Die Dauerrechnung {number} deckt noch {claim}. Erst die Forderungen stornieren, die letzte zuerst.",
        "The standing invoice {number} still covers {claim}. Cancel the claims first, the last one first.",
    ),
    "settled": (
        "{number} ist in der Schlussrechnung {final} verrechnet. Erst diese stornieren.",
        "{number} is settled in the final invoice {final}. Cancel that first.",
    ),
    "is_correction": (
        "{number} berichtigt nur Angaben. Stattdessen die Rechnung selbst stornieren.",
        "{number} corrects details only. Cancel the invoice itself instead.",
    ),
    "not_correctable": (
        "{number} ist keine Rechnung. Angaben lassen sich nur auf Rechnungen berichtigen.",
        "{number} is no invoice. Only details of invoices can be corrected.",
    ),
    "nothing_to_correct": (
        "Auf {number} ist nichts zu berichtigen. Erst die Stammdaten ändern, oder sagen, was richtig ist (--help).",
        "Nothing on {number} is to be corrected. Change the master data first, or say what is right (--help).",
    ),
    "objected": ("{number} ist widersprochen und wirkt nicht mehr.", "{number} was objected to and has no effect."),
    "not_self_billing": (
        "{number} ist keine Gutschrift nach § 14 Abs. 2 UStG; widersprechen kann man nur solchen.",
        "{number} is no self-billing document; only to such can a supplier object.",
    ),
    "before_issue": (
        "Ein Widerspruch kann nicht vor dem Tag des Belegs ({day}) eingehen.",
        "An objection cannot arrive before the day of the document ({day}).",
    ),
    "unknown_letter": (
        "Einen Brief {letter} gibt es nicht. turnus letter list zeigt die Briefe.",
        "There is no letter {letter}. turnus letter list shows the letters.",
    ),
    "no_lines": ("Eine Rechnung braucht mindestens eine Zeile.", "An invoice needs at least one line."),
    "already_billed": (
        "Ein Teil dieser Tage ist schon berechnet (ab {day}). Anderen Zeitraum wählen oder die Rechnung stornieren.",
        "Some of these days are billed already (from {day}). Choose another period or cancel that invoice.",
    ),
    "key_used": (
        "Unter dem Schlüssel „{key}“ ist schon eine andere Zahlung gebucht. Einen anderen Schlüssel wählen.",
        "Another payment was booked under the key “{key}”. Choose another key.",
    ),
    "other_customer": (
        "Eine der Rechnungen gehört einem anderen Kunden oder hat eine andere Währung.",
        "One of the invoices belongs to another customer or has another currency.",
    ),
}
"""Code → (German, English)."""

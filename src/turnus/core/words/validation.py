"""Validation of e-invoices and its rule sets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    "file_empty": ("Die Datei ist leer.", "The file is empty."),
    "file_too_large": (
        "Die Datei ist größer als {limit} MB; so große E-Rechnungen nimmt niemand an. Anhänge verkleinern.",
        "The file is larger than {limit} MB; nobody takes e-invoices of that size. Make its attachments smaller.",
    ),
    "file_unreadable": (
        "Die Datei lässt sich nicht lesen: {reason}.",
        "The file cannot be read: {reason}.",
    ),
    "neither_xml_nor_pdf": (
        "Die Datei ist weder XML noch PDF, also keine E-Rechnung.",
        "The file is neither XML nor PDF, so no e-invoice.",
    ),
    "pdf_damaged": (
        "Das PDF oder sein XML-Anhang ist beschädigt. Den Absender um eine neue Datei bitten.",
        "The PDF or the XML attached to it is damaged. Ask the sender for a new file.",
    ),
    "pdf_locked": (
        "Das PDF ist mit einem Kennwort verschlossen. Den Absender um ein offenes bitten.",
        "The PDF is locked with a password. Ask the sender for an open one.",
    ),
    "pdf_without_xml": (
        "Das PDF enthält keine E-Rechnung (factur-x.xml, xrechnung.xml oder zugferd-invoice.xml): sonstige Rechnung.",
        "The PDF holds no e-invoice (factur-x.xml, xrechnung.xml or zugferd-invoice.xml): another kind of invoice.",
    ),
    "pdf_several_xml": (
        "Das PDF enthält mehrere E-Rechnungen; welche gilt, ist nicht zu erkennen. Den Absender fragen.",
        "The PDF holds several e-invoices; which of them counts cannot be told. Ask the sender.",
    ),
    "pdf_too_large": (
        "Der Inhalt des PDF ist ausgepackt viel zu groß; er wird nicht gelesen.",
        "Unpacked, the content of the PDF is far too large; it is not read.",
    ),
    "xml_malformed": (
        "Das XML ist beschädigt: Zeile {line}, Spalte {column}: {reason}.",
        "The XML is damaged: line {line}, column {column}: {reason}.",
    ),
    "xml_encoding": (
        "Das XML nennt eine Zeichenkodierung, die niemand kennt[: {encoding}].",
        "The XML names an encoding that nobody knows[: {encoding}].",
    ),
    "xml_doctype": (
        "Das XML enthält eine DOCTYPE-Angabe. Rechnungen brauchen keine, Angriffe schon; es wird nicht gelesen.",
        "The XML holds a DOCTYPE. Invoices need none, attacks do; it is not read.",
    ),
    "xml_too_deep": (
        "Das XML ist tiefer als {depth} Ebenen verschachtelt; keine Rechnung ist das.",
        "The XML is nested deeper than {depth} levels; no invoice is.",
    ),
    "xml_too_large": (
        "Das XML hat mehr Elemente oder Attribute, als eine Rechnung haben kann.",
        "The XML has more elements or attributes than an invoice can have.",
    ),
    "xml_not_utf8": (
        "Das XML ist nicht in UTF-8 kodiert. XRechnung, Peppol und Factur-X verlangen UTF-8.",
        "The XML is not encoded in UTF-8. XRechnung, Peppol and Factur-X demand UTF-8.",
    ),
    "syntax_unknown": (
        "<{root}> ist keine Rechnung in UBL 2.1 oder UN/CEFACT CII.",
        "<{root}> is no invoice in UBL 2.1 or UN/CEFACT CII.",
    ),
    "profile_unknown": (
        "BT-24 nennt keine Spezifikation nach EN 16931[: {profile}].",
        "BT-24 names no specification on EN 16931[: {profile}].",
    ),
    "profile_no_invoice": (
        "Das Profil {profile} enthält zu wenig und ist keine Rechnung im Sinne des § 14 UStG.",
        "The profile {profile} holds too little and is no invoice under § 14 UStG.",
    ),
    "profile_without_rules": (
        "Für {profile} ist kein Regelwerk da. turnus rules add nimmt eines auf.",
        "There is no rule set for {profile}. turnus rules add takes one in.",
    ),
    "validation_died": (
        "Die Prüfung ist abgestürzt[ ({detail})]; die Datei gilt als ungeprüft. Noch einmal versuchen, dann melden.",
        "The validation crashed[ ({detail})]; the file counts as not judged. Try once more, then report it.",
    ),
    "validation_slow": (
        "Die Prüfung dauerte länger als {detail} Sekunden und wurde abgebrochen; die Datei gilt als ungeprüft.",
        "The validation took longer than {detail} seconds and was ended; the file counts as not judged.",
    ),
    "validation_start": (
        "Die Prüfung ließ sich nicht starten: {detail}.",
        "The validation could not be started: {detail}.",
    ),
    "own_checks_failed": (
        "Die eigenen Prüfungen sind an der Datei gescheitert ({error}); sie gilt als ungeprüft. Bitte melden.",
        "Our own checks failed on the file ({error}); it counts as not judged. Please report it.",
    ),
    "rules_package_missing": (
        "Das Paket {package} mit den eingebauten Regeln fehlt; ohne sie wird nichts geprüft. Turnus neu installieren.",
        "The package {package} with the built-in rules is missing; nothing is judged without. Install Turnus anew.",
    ),
    "rules_file_missing": (
        "Im Regelwerk {set} fehlt die Datei {file}; ohne sie wird nichts geprüft. Neu aufnehmen: turnus rules add.",
        "The rule set {set} lacks the file {file}; nothing is judged without. Take it in anew: turnus rules add.",
    ),
    "rules_file_changed": (
        "Im Regelwerk {set} ist die Datei {file} verändert; so wird nichts geprüft. Neu aufnehmen: turnus rules add.",
        "In the rule set {set} the file {file} was changed; nothing is judged so. Take it in anew: turnus rules add.",
    ),
    "rules_do_not_run": (
        "Die Regeln in {file} ({set}) lassen sich nicht anwenden: {reason}.",
        "The rules in {file} ({set}) cannot be applied: {reason}.",
    ),
    "rules_index": (
        "Das Verzeichnis der Regelwerke {file} fehlt oder ist beschädigt; so wird nichts geprüft. Zurückholen.",
        "The index of rule sets {file} is missing or damaged; nothing is judged so. Restore it from the backup.",
    ),
    "rules_source": (
        "{source} ist kein brauchbarer Ordner und kein brauchbares ZIP-Archiv: {reason}.",
        "{source} is no usable folder and no usable ZIP archive: {reason}.",
    ),
    "rules_no_manifest": (
        "In {source} liegt nichts, was das Regelwerk beschreibt ({files}).",
        "Nothing in {source} describes the rule set ({files}).",
    ),
    "rules_manifest": (
        "Die Beschreibung des Regelwerks ist unvollständig: {reason}.",
        "The description of the rule set is incomplete: {reason}.",
    ),
    "rules_version_taken": (
        "{set} {version} ist schon da, mit anderem Inhalt. Eine andere Version nennen.",
        "{set} {version} is there already, with other content. Name another version.",
    ),
    "rules_archive_hash": (
        "{source} hat einen anderen SHA-256, als der Herausgeber nennt: {found}.",
        "{source} has another SHA-256 than its publisher says: {found}.",
    ),
    "rules_unknown": ("Ein aktives Regelwerk {set} gibt es nicht.", "There is no active rule set {set}."),
}
"""Code → (German, English)."""

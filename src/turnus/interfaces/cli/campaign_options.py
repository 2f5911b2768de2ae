"""Options of ``turnus prices plan`` → a campaign. What is written wrongly is told by option."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Final, NamedTuple

import typer

from turnus.core.adjusting import Rule, RuleKind
from turnus.core.campaigns import Field, When
from turnus.core.intake.cells import CellError
from turnus.core.intake.prices import parse_month
from turnus.core.intake.texts import message
from turnus.core.letters import AUDIENCES, Text
from turnus.interfaces.cli.language import LANGUAGES, both, language, say
from turnus.interfaces.cli.options import House, decimal_of, optional_day

PercentOption = Annotated[str, typer.Option("--percent", help=both("Um so viel Prozent.", "By so many percent."))]
AmountOption = Annotated[
    str, typer.Option("--amount", help=both("Um diesen Betrag je Einheit.", "By this amount per unit."))
]
TargetOption = Annotated[str, typer.Option("--target", help=both("Auf diesen Preis.", "To this price."))]
IndexOption = Annotated[str, typer.Option("--index", help=both("Nach dieser Indexreihe.", "By this index series."))]
CatalogueOption = Annotated[
    str,
    typer.Option(
        "--catalogue", metavar=both("TAG", "DAY"),
        help=both("Auf den Katalogpreis dieses Tages.", "To the catalogue's price of this day."),
    ),
]  # fmt: skip
MonthOption = Annotated[
    str, typer.Option("--month", help=both("Index: Monat, zum Beispiel 2026-10.", "Index: month, such as 2026-10."))
]
LagOption = Annotated[
    int | None,
    typer.Option(
        "--lag", help=both("Index: so viele Monate vor dem neuen Preis.", "Index: months before the new price.")
    ),
]
ReferenceOption = Annotated[
    str,
    typer.Option("--reference", help=both("Index: Bezugsmonat, wo der Vertrag keinen nennt.",
                                          "Index: month compared with, where a contract names none.")),
]  # fmt: skip
ThresholdOption = Annotated[
    str,
    typer.Option("--threshold", help=both("Index: wirkt erst ab so viel Prozent.", "Index: acts from this percent.")),
]
CapOption = Annotated[str, typer.Option("--cap", help=both("Höchstens so viel Prozent.", "At most so many percent."))]
FloorOption = Annotated[
    str,
    typer.Option("--floor", help=both("Mindeständerung in Prozent (-5: Grenze nach unten).", "Least change, percent.")),
]
YearCapOption = Annotated[
    str,
    typer.Option("--year-cap", help=both("Höchstens Prozent binnen eines Jahres.", "At most percent within a year.")),
]
ContractCapOption = Annotated[
    str,
    typer.Option("--contract-cap", help=both("Höchstens dieser Betrag je Vertrag und Monat.",
                                             "At most this amount per contract and month.")),
]  # fmt: skip
DayOption = Annotated[
    str,
    typer.Option(
        "--from", metavar=both("TAG", "DAY"), help=both("Ab diesem Tag.", "From this day on."), show_default=False
    ),
]
AtOption = Annotated[
    str,
    typer.Option(
        "--at",
        help=both(
            "Wann genau: day (am Tag), next-period (nächster Zeitraum), anniversary (Jahrestag).",
            "When exactly: day, next-period, anniversary.",
        ),
    ),
]
ProductsOption = Annotated[list[str], typer.Option("--product", help=both("Nur dieses Produkt.", "Only this product."))]
KindsOption = Annotated[list[str], typer.Option("--kind", help=both("Nur diese Vertragsart.", "Only this kind."))]
CustomersOption = Annotated[
    list[str], typer.Option("--customer", help=both("Nur dieser Kunde.", "Only this customer."))
]
ContractsOption = Annotated[
    list[str], typer.Option("--contract", help=both("Nur dieser Vertrag.", "Only this contract."))
]
CountriesOption = Annotated[list[str], typer.Option("--country", help=both("Nur dieses Land.", "Only this country."))]
BuyersOption = Annotated[
    list[str],
    typer.Option("--buyer", help=both("Nur company (Firmen) oder person (Verbraucher).", "Only company, person.")),
]
CurrenciesOption = Annotated[
    list[str], typer.Option("--currency", help=both("Nur diese Währung.", "Only this currency."))
]
ListsOption = Annotated[
    list[str], typer.Option("--price-list", help=both("Nur diese Preisliste.", "Only this price list."))
]
PlansOption = Annotated[
    list[str], typer.Option("--plan", help=both("Nur dieser Tarif (PRO oder PRO/jahr).", "Only this plan or variant."))
]
GroupsOption = Annotated[list[str], typer.Option("--group", help=both("Nur diese Kundengruppe.", "Only this group."))]
BeforeOption = Annotated[
    str,
    typer.Option(
        "--started-before", metavar=both("TAG", "DAY"), help=both("Nur Verträge von vorher.", "Only older ones.")
    ),
]
GroundOption = Annotated[
    str,
    typer.Option("--ground", help=both("Klausel für Geschäftskunden; leer: laut Vertrag.",
                                       "Clause for businesses; blank: as each contract says.")),
]  # fmt: skip
NoticeOption = Annotated[
    int, typer.Option("--notice", min=0, help=both("Tage zwischen Ankündigung und Preis.", "Days of notice."))
]
AnswerOption = Annotated[
    str,
    typer.Option(
        "--answer-by", metavar=both("TAG", "DAY"), help=both("Letzter Tag einer Zustimmung.", "Last day to agree.")
    ),
]
CancelOption = Annotated[
    str,
    typer.Option("--cancel-by", metavar=both("TAG", "DAY"),
                 help=both("Letzter Tag der Sonderkündigung; leer: der Tag davor.",
                           "Last day of the special right to cancel; blank: the day before.")),
]  # fmt: skip
TextOption = Annotated[str, typer.Option("--text", help=both("Fassung des Briefs.", "Version of the letter."))]
LettersOption = Annotated[
    list[str],
    typer.Option(
        "--letter",
        metavar=both("ART:SPRACHE:DATEI", "AUDIENCE:LANGUAGE:FILE"),
        help=both("Eigener Brief (consent oder clause).", "A letter of your own (consent or clause)."),
    ),
]

WHEN: Final = {"day": When.DAY, "next-period": When.NEXT_PERIOD, "anniversary": When.ANNIVERSARY}


MinimumsOption = Annotated[
    bool,
    typer.Option(
        "--minimums/--prices-only",
        help=both("Auch Mindestbeträge anpassen (Prozent, Index).", "Adjust minimum fees too (percent, index)."),
    ),
]


class Figures(NamedTuple):
    """The numbers of a rule as they were written; empty: none."""

    percent: str
    amount: str
    target: str
    series: str
    catalogue: str
    month: str
    lag: int | None
    reference: str
    threshold: str
    cap: str
    floor: str
    year_cap: str
    contract_cap: str
    minimums: bool = False


def rule_of(given: Figures, where: House) -> Rule:
    """The rule; exactly one of its kinds must be given."""
    kinds = {
        RuleKind.PERCENT: given.percent, RuleKind.AMOUNT: given.amount, RuleKind.TARGET: given.target,
        RuleKind.INDEX: given.series, RuleKind.CATALOGUE: given.catalogue,
    }  # fmt: skip
    chosen = [kind for kind, text in kinds.items() if text]
    if len(chosen) != 1:
        text = say(
            "genau eines von --percent, --amount, --target, --index, --catalogue",
            "exactly one of --percent, --amount, --target, --index, --catalogue",
        )
        raise typer.BadParameter(text, param_hint="--percent")
    [kind] = chosen

    def number(text: str, option: str) -> Decimal | None:
        return decimal_of(text, where, option) if text else None

    value = number(kinds[kind], f"--{kind}") if kind not in (RuleKind.INDEX, RuleKind.CATALOGUE) else None
    return Rule(
        kind, value, series=given.series, month=month_of_text(given.month, where, "--month"), lag=given.lag,
        reference=month_of_text(given.reference, where, "--reference"),
        as_of=optional_day(given.catalogue, where, "--catalogue"),
        threshold=number(given.threshold, "--threshold") or Decimal(0), cap=number(given.cap, "--cap"),
        floor=number(given.floor, "--floor"), year_cap=number(given.year_cap, "--year-cap"),
        contract_cap=number(given.contract_cap, "--contract-cap"), minimums=given.minimums,
    )  # fmt: skip


def month_of_text(text: str, where: House, option: str) -> date | None:
    """A month as a person writes it; None where it may be left out."""
    if not text:
        return None
    try:
        return parse_month(text, where.reading)
    except CellError as error:
        raise typer.BadParameter(message(error, language()), param_hint=option) from None


def when_of(text: str) -> When:
    """When the new price holds from."""
    if text not in WHEN:
        raise typer.BadParameter(say("möglich: {k}", "possible: {k}", k=", ".join(WHEN)), param_hint="--at")
    return WHEN[text]


def filters_of(given: dict[Field, list[str]]) -> tuple[tuple[Field, str], ...]:
    """The scope; countries and currencies in capitals."""
    upper = {Field.COUNTRY, Field.CURRENCY}
    return tuple(
        (name, value.strip().upper() if name in upper else value.strip())
        for name, values in given.items()
        for value in values
    )


def texts_of(given: list[str], version: str) -> list[Text]:
    """Letters of the house's own, from files."""
    found = []
    for text in given:
        audience, _, rest = text.partition(":")
        spoken, _, name = rest.partition(":")
        path = Path(name)
        if audience not in AUDIENCES or spoken not in LANGUAGES or not path.is_file():
            told = say("consent oder clause, de oder en, und eine Datei", "consent or clause, de or en, and a file")
            raise typer.BadParameter(told, param_hint="--letter")
        found.append(Text(version, audience, spoken, path.read_text(encoding="utf-8")))
    return found

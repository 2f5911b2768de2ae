"""A price scheme in words, in the order in which it is computed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from turnus.core.schemes import Break, Function, Rounding, Scheme
from turnus.interfaces.cli.contracts import cycle_word
from turnus.interfaces.cli.language import say
from turnus.interfaces.cli.screen import number, plain

_PRICED = {
    Function.UNIT: ("Preis je Einheit", "price per unit"),
    Function.GRADUATED: (
        "gestaffelt: jede Einheit zum Preis ihrer Stufe", "graduated: each unit at the price of its own tier"
    ),
    Function.VOLUME: (
        "Mengenpreis: alle Einheiten zum Preis der erreichten Stufe",
        "volume: all units at the price of the tier that is reached",
    ),
    Function.FORMULA: ("nach Formel", "by formula"),
}  # fmt: skip
_ROUNDED = {
    Rounding.UP: ("aufgerundet auf angefangene Schritte von {n}", "rounded up to started steps of {n}"),
    Rounding.HALF_UP: ("kaufmännisch gerundet auf Schritte von {n}", "rounded half up to steps of {n}"),
    Rounding.DOWN: ("abgerundet auf volle Schritte von {n}", "rounded down to full steps of {n}"),
}


def priced_word(scheme: Scheme) -> str:
    """``gestaffelt: …``."""
    return say(*_PRICED[scheme.function])


def sentences(scheme: Scheme, products: Mapping[int, str]) -> list[str]:
    """Everything that the scheme says besides its tiers; ``products``: id → code of what a set may hold."""
    return [*_counted(scheme), *_amount(scheme), *_set(scheme, products)]


def _counted(scheme: Scheme) -> Iterator[str]:
    if scheme.quantum:
        yield say("Menge: {how}", "Quantity: {how}", how=say(*_ROUNDED[scheme.rounding], n=number(scheme.quantum)))
    if scheme.included:
        yield say("{n} Einheiten inklusive", "{n} units included", n=number(scheme.included))
    if scheme.package:
        yield say("Pakete zu je {n} Einheiten, angefangene zählen ganz; der Preis gilt je Paket",
                  "packages of {n} units, started ones count whole; the price is that of a package",
                  n=number(scheme.package))  # fmt: skip
    if scheme.window is not None:
        yield say("Stufen und Inklusivmenge zählen über: {c}", "tiers and included units count over: {c}",
                  c=cycle_word(*scheme.window[:2]))  # fmt: skip


def _amount(scheme: Scheme) -> Iterator[str]:
    if scheme.formula:
        yield say("Formel: {f}", "Formula: {f}", f=plain(scheme.formula))
    if scheme.percent:
        yield say("Preise sind Prozent der Menge, die ein Betrag ist (Provision)",
                  "prices are percent of the quantity, which is an amount (commission)")  # fmt: skip
    for row in scheme.breaks:
        yield say("Mengenrabatt ab {q}: {off}", "Quantity discount from {q} on: {off}", q=number(row.quantity),
                  off=_off(row))  # fmt: skip
    if scheme.least is not None:
        yield say("mindestens {n} je Zeitraum", "at least {n} per period", n=number(scheme.least))
    if scheme.most is not None:
        yield say("höchstens {n} je Zeitraum", "at most {n} per period", n=number(scheme.most))


def _off(row: Break) -> str:
    if row.percent:
        return say("{n} %", "{n}%", n=number(row.percent))
    return say("Betrag {n}", "amount {n}", n=number(row.amount))


def _set(scheme: Scheme, products: Mapping[int, str]) -> Iterator[str]:
    whole = sum(part.weight for part in scheme.parts)
    for part in scheme.parts:
        yield say("Teil des Sets: {p}, {w} von {all}", "Part of the set: {p}, {w} of {all}",
                  p=plain(products.get(part.product, part.product)), w=part.weight, all=whole)  # fmt: skip

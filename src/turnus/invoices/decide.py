"""Decide what a set of units is to be billed: shared by preview and draft, so that preview equals result."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from turnus.catalog.facts import ProductFacts, exchange_texts, product_facts, rate_table
from turnus.checks.record import vat_checks
from turnus.contracts.consent_check import unconsented
from turnus.contracts.due import AccountRow, Billed, Scope, accounts_of, contracts_of
from turnus.contracts.facts import ContractRow, Loaded, contract_facts, settings_of
from turnus.contracts.lookup import contract_owners
from turnus.contracts.paperwork import sortings
from turnus.core.billing import Billing, bill
from turnus.core.charges import Entry, Identity
from turnus.core.document import Kind
from turnus.core.einvoice.lacking import missing_of_einvoice
from turnus.core.invoicing import (
    Composed,
    Line,
    Missing,
    compose,
    group_of,
    lines_of,
    missing_of_buyer,
    missing_of_document,
    missing_of_seller,
    missing_of_supplier,
)
from turnus.core.money import UnknownCurrencyError
from turnus.core.paperwork import PLAIN, UNMARKED, Mark, Side, Sorting
from turnus.core.standing import may_stand
from turnus.core.tax import (
    RateTable,
    Supply,
    Tax,
    TaxBuyer,
    TaxHoldError,
    TaxSupplier,
    alike,
    tax_buyer,
    tax_seller,
    treat,
    treat_purchase,
)
from turnus.invoices.document import draft_documents
from turnus.invoices.facts import issued_entries
from turnus.invoices.models import Invoice
from turnus.invoices.standing import covered
from turnus.invoices.usage import Shown, shown_usage
from turnus.parties.facts import CustomerFacts, SellerFacts, customer_facts, in_force
from turnus.parties.suppliers import agreement_on, agreements

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from turnus.core.document import UsageRow
    from turnus.core.instalments import Plan


class Basics(NamedTuple):
    """What all chunks of a run share: seller, catalogue, VAT rates, scope and the two dates."""

    scope: Scope
    seller: SellerFacts
    products: dict[int, ProductFacts]
    versions: dict[int, int]
    """Product → version that names it on lines."""
    rates: RateTable
    lacks: list[Missing]
    """What the seller's data lack for any invoice."""
    through: date
    on: date
    exchange: Mapping[str, str]
    """Currency → units for one EUR on the day of issue, canonical text."""


def basics(scope: Scope, seller: SellerFacts, *, through: date, on: date) -> Basics:
    """Load once per run what every chunk needs."""
    products = product_facts(scope.seller)
    versions = {product: facts.version for product, facts in products.items()}
    lacks = missing_of_seller(seller.data)
    return Basics(scope, seller, products, versions, rate_table(), lacks, through, on, exchange_texts(on))


class DraftKey(NamedTuple):
    """One document per account, VAT scope and (where asked for) service period."""

    account: int
    split: str


@dataclass(slots=True)
class Group:
    """Lines that become one document, and what they have in common."""

    lines: list[Line]
    row: ContractRow | None
    """The contract whose terms of payment hold; None: those of the first contract of the unit."""
    proforma: bool = False
    mark: Mark = UNMARKED
    standing: bool = False
    instalments: Plan | None = None


class Draft(NamedTuple):
    """A decided document that is not stored yet."""

    key: DraftKey
    unit: int
    buyer: CustomerFacts
    currency: str
    language: str
    payment_days: int
    reference: str
    document: Composed
    because: dict[tuple[str, int], Tax]
    missing: list[Missing]
    guard: str
    cost_centre: str = ""
    instalments: Plan | None = None
    agreement: int | None = None
    """Of a self-billing document: the agreement with the supplier."""
    standing: int | None = None
    """The standing invoice that covers it."""
    usage: Mapping[int, Sequence[UsageRow]] = MappingProxyType({})
    """Position → the usage that is shown beside the line."""


class Parked(NamedTuple):
    """A unit that cannot be billed, with the code of the reason and its parameters."""

    unit: int
    code: str
    params: dict[str, str]


class Decided(NamedTuple):
    """The outcome for a set of units."""

    drafts: list[Draft]
    parked: list[Parked]
    billed: dict[int, list[Billed]]
    """Unit → what its contracts' rows learn; for units with drafts once these are issued."""
    empty: list[int]
    contracts: int


class Material(NamedTuple):
    """What is decided upon: accounts, the facts of their contracts, and the issued lines that may still be compared."""

    accounts: dict[int, AccountRow]
    loaded: list[Loaded]
    entries: dict[int, list[Entry]]
    """Contract → its entries."""
    silent: set[int]
    """Contracts with a price that lacks the consumer's consent."""


def decide_units(
    given: Basics, units: Sequence[int], *, lock: bool, kept: dict[DraftKey, Group] | None = None
) -> Decided:
    """Load the units (locked where they will be written) and decide. Nothing is saved.

    ``kept``: lines of open drafts whose contracts are out of scope, which stay in the new draft.
    """
    material = load_units(given, units, lock=lock)
    return decide(given, material, Taxes(given, material.accounts), kept or {})


def load_units(given: Basics, units: Sequence[int], *, lock: bool) -> Material:
    """Everything that deciding about the units needs."""
    accounts = accounts_of(units, lock=lock)
    seals = contracts_of(units, given.scope)
    loaded = contract_facts([contract for contract, _seal in seals], settings_of(given.seller.data))
    return Material(accounts, loaded, issued_entries(seals), unconsented([row.id for row, _facts in loaded]))


def decide(given: Basics, material: Material, taxes: Taxes, kept: Mapping[DraftKey, Group]) -> Decided:
    """What the units are to be billed. Reads customers and VAT checks where ``taxes`` does not know them yet."""
    accounts, loaded, entries, silent = material
    sorted_by = sortings([row.id for row, _facts in loaded], given.on)
    by_unit: dict[int, list[tuple[ContractRow, Billing]]] = {}
    parked: dict[int, Parked] = {}
    for row, facts in loaded:
        unit = accounts[row.account].unit
        if unit in parked:
            continue
        if row.id in silent:
            parked[unit] = Parked(unit, "unconsented_price", {"contract": row.number})
            continue
        try:
            billing = bill(facts, entries.get(row.id, ()), taxes.tax, through=given.through, on=given.on)
        except TaxHoldError as hold:
            parked[unit] = Parked(unit, hold.code, hold.params | {"contract": row.number})
            continue
        except UnknownCurrencyError as error:
            parked[unit] = Parked(unit, "unknown_currency", {"currency": str(error), "contract": row.number})
            continue
        by_unit.setdefault(unit, []).append((row, billing))
    sort = Sort(sorted_by, _proformas(by_unit, sorted_by))
    shown = shown_usage(loaded, {account.unit for account in accounts.values()} if kept else ())
    return _decided(by_unit, parked, taxes, kept, sort, shown)._replace(contracts=len(loaded))


def _decided(
    by_unit: Mapping[int, list[tuple[ContractRow, Billing]]],
    parked: dict[int, Parked],
    taxes: Taxes,
    kept: Mapping[DraftKey, Group],
    sort: Sort,
    shown: Shown,
) -> Decided:
    accounts = taxes.accounts
    drafts: list[Draft] = []
    billed: dict[int, list[Billed]] = {}
    empty: list[int] = []
    for unit, rows in by_unit.items():
        if unit in parked:
            continue
        groups = _grouped(rows, sort)
        for key, group in kept.items():
            if accounts[key.account].unit == unit:
                groups.setdefault(key, replace(group, lines=[])).lines.extend(group.lines)
        billed[unit] = [Billed(row.id, row.revision, found.next_due, found.seal) for row, found in rows]
        if not groups:
            empty.append(unit)
            continue
        guard = next((found.guard for _row, found in rows if found.guard), "")
        owners = {row.id: row.customer for row, _found in rows}
        for key, group in groups.items():
            group.row = group.row or rows[0][0]
            draft = _draft(key, group, owners, taxes, guard)
            drafts.append(draft._replace(usage=shown.of(draft.document.lines)))
    return Decided(_fit(taxes.given, covered(taxes.given, drafts)), list(parked.values()), billed, empty, 0)


def _fit(given: Basics, drafts: list[Draft]) -> list[Draft]:
    """Drafts with everything that the e-invoice profile of their other party finds wrong in them."""
    wanted = [draft for draft in drafts if draft.buyer.data.einvoice_profile]
    if not wanted:
        return drafts
    lacks = {
        draft.key: missing_of_einvoice(document)
        for draft, document in zip(wanted, draft_documents(given, wanted), strict=True)
    }
    return [draft._replace(missing=draft.missing + lacks.get(draft.key, [])) for draft in drafts]


class Sort(NamedTuple):
    """How lines go to documents."""

    by_contract: Mapping[int, Sorting]
    proformas: set[int]
    """Pro forma documents whose lines are taken back: what takes them back is pro forma too."""


def _proformas(by_unit: Mapping[int, list[tuple[ContractRow, Billing]]], sorted_by: Mapping[int, Sorting]) -> set[int]:
    """Of the documents that are taken back, those that are pro forma; asked only where a contract ever was."""
    ever = {contract for contract, sorting in sorted_by.items() if sorting.ever}
    if not ever:
        return set()
    rows = (row for rows in by_unit.values() for row in rows if row[0].id in ever)
    taken = {reversal.entry.invoice for _row, found in rows for reversal in found.difference.reversals}
    return set(Invoice.objects.filter(id__in=taken, kind=Kind.PROFORMA).values_list("id", flat=True))


def _grouped(rows: list[tuple[ContractRow, Billing]], sort: Sort) -> dict[DraftKey, Group]:
    groups: dict[DraftKey, Group] = {}
    for row, found in rows:
        if not found.difference:
            continue
        sorting = sort.by_contract.get(row.id, PLAIN)
        lines = lines_of(row.id, found)
        back = any(line.sign < 0 for line in lines)
        for line in lines:
            identity = line.charge.identity
            split = group_of(identity)
            if row.split_periods:
                split += line.charge.service.start.isoformat()
            proforma, mark = sorting.proforma, UNMARKED
            if sorting.ever and line.sign < 0 and line.corrects:
                proforma = line.corrects[0] in sort.proformas
            if proforma:
                split += "|proforma"
            standing = sorting.standing and not proforma and not back and may_stand([line])
            if standing:
                split += f"|{row.id}|{line.charge.service.start}|{line.charge.service.end}|standing"
            if sorting.marks is not None:
                mark = sorting.marks.get(identity.item, UNMARKED)
                split += f"|{mark.cost_centre}|{mark.order_reference}"
            key = DraftKey(identity.account, split)
            if key not in groups:
                groups[key] = Group([], row, proforma, mark, standing, None if standing else sorting.instalments)
            groups[key].lines.append(line)
    return groups


def _draft(key: DraftKey, group: Group, owners: Mapping[int, int], taxes: Taxes, guard: str) -> Draft:
    given, account, row = taxes.given, taxes.accounts[key.account], group.row
    assert row is not None
    document = compose(group.lines, _kind(group), groups=_by_owner(group.lines, owners, account))
    buyer = taxes.buyer(key.account, given.on)
    agreed = None
    if account.side == Side.PAYABLE:
        document = document._replace(kind=Kind.SELF_CREDIT if document.gross < 0 else Kind.SELF_BILLING)
        agreed = agreement_on(taxes.agreements.get(account.customer, ()), given.on)
    days = next(
        found
        for found in (row.payment_days, buyer.data.payment_days, given.seller.data.payment_days)
        if found is not None
    )
    missing = given.lacks + taxes.lacks(buyer)
    if account.side == Side.PAYABLE:
        missing = missing + missing_of_supplier(buyer.data, agreed.data if agreed else None)
    else:
        missing = missing + missing_of_document(document, given.seller.data, buyer.data)
    reference = group.mark.order_reference or row.reference
    return Draft(
        key, account.unit, buyer, account.currency, buyer.data.language or given.seller.data.language, days,
        reference, document, taxes.grounds(document), missing, guard,
        group.mark.cost_centre, group.instalments, agreed.id if agreed else None,
    )  # fmt: skip


def _kind(group: Group) -> Kind | None:
    """None: by the sign of the total."""
    if group.standing and may_stand(group.lines):
        return Kind.STANDING
    return Kind.PROFORMA if group.proforma else None


def _by_owner(
    lines: Sequence[Line], owners: Mapping[int, int], account: AccountRow
) -> dict[int, tuple[int, ...]] | None:
    """On a document for others' contracts: the buyer's own lines first, then those of each child."""
    contracts = {line.contract for line in lines}
    missing = contracts - owners.keys()
    known = {**owners, **contract_owners(missing)} if missing else owners
    if all(known[contract] == account.customer for contract in contracts):
        return None
    return {c: (0 if known[c] == account.customer else 1, known[c]) for c in contracts}


class Taxes:
    """VAT treatment per (account, product, last day), and the buyers behind the accounts; each decided once."""

    def __init__(self, given: Basics, accounts: dict[int, AccountRow], *, as_of: date | None = None) -> None:
        """``as_of``: checks of VAT ids are as old as on this day; None: as on the day of the run."""
        self.given, self.as_of = given, as_of
        self.accounts = accounts
        self.customers = customer_facts({account.customer for account in accounts.values()})
        vat_ids = {version.data.vat_id for versions in self.customers.values() for version in versions}
        self.checks = vat_checks(given.scope.seller, vat_ids - {""}) if vat_ids - {""} else {}
        data = given.seller.data
        self.seller = tax_seller(data)
        self.alike: dict[tuple[int, int, date], Tax] = {}
        """Kind of buyer, product, last day → treatment: the same for all who differ in nothing that bears on VAT."""
        self.kind_on: dict[tuple[int, date], tuple[int, TaxBuyer]] = {}
        """Account, day → number of the buyer's kind, and the buyer."""
        self.kind_always: dict[int, tuple[int, TaxBuyer]] = {}
        """The same for accounts whose buyer has one version only."""
        self.kinds: dict[TaxBuyer, int] = {}
        self.kind_of: dict[int, tuple[int, TaxBuyer]] = {}
        """Version of a customer → number of its kind, and the buyer."""
        self.missing: dict[int, list[Missing]] = {}
        self.payable = {account.id for account in accounts.values() if account.side == Side.PAYABLE}
        self.agreements = agreements({accounts[account].customer for account in self.payable}) if self.payable else {}
        self.purchases: dict[tuple[int, int, date], Tax] = {}
        """What suppliers do for us: account, product, last day → treatment."""

    def _purchase(self, account: int, product: int, last_day: date) -> Tax:
        """The treatment of a service that a supplier did for us."""
        found = self.purchases.get((account, product, last_day))
        if found is None:
            sold, data = self.given.products[product], self.buyer(account, last_day).data
            agreed = agreement_on(self.agreements.get(self.accounts[account].customer, ()), last_day)
            small = agreed is not None and agreed.data is not None and agreed.data.small_business
            supplier = TaxSupplier(data.address.country, data.address.postcode, data.kind, small)
            supply = Supply(sold.kind, sold.tax_class, last_day, self.given.on)
            found = treat_purchase(self.seller.country, supplier, supply, self.given.rates)
            self.purchases[account, product, last_day] = found
        return found

    def tax(self, account: int, product: int, last_day: date) -> Tax:
        """The treatment; raises ``TaxHoldError`` where it cannot be decided."""
        if self.payable and account in self.payable:
            return self._purchase(account, product, last_day)
        known = self._buyer_kind(account, last_day)
        found = self.alike.get((known[0], product, last_day))
        if found is None:
            sold = self.given.products[product]
            supply = Supply(sold.kind, sold.tax_class, last_day, self.as_of or self.given.on)
            found = self.alike[known[0], product, last_day] = treat(self.seller, known[1], supply, self.given.rates)
        return found

    def _buyer_kind(self, account: int, day: date) -> tuple[int, TaxBuyer]:
        """Kind of the buyer behind an account on a day; most buyers have been the same all along."""
        known = self.kind_always.get(account) or self.kind_on.get((account, day))
        if known is None:
            versions = self.customers[self.accounts[account].customer]
            known = self._kind(in_force(versions, day))
            if len(versions) == 1:
                self.kind_always[account] = known
            else:
                self.kind_on[account, day] = known
        return known

    def _kind(self, version: CustomerFacts) -> tuple[int, TaxBuyer]:
        known = self.kind_of.get(version.version)
        if known is None:
            checked_on, valid = self.checks.get(version.data.vat_id, (None, False))
            buyer = alike(tax_buyer(version.data, checked_on, valid))
            known = self.kind_of[version.version] = (self.kinds.setdefault(buyer, len(self.kinds)), buyer)
        return known

    def buyer(self, account: int, day: date) -> CustomerFacts:
        """The customer behind an account as it stands on a day."""
        return in_force(self.customers[self.accounts[account].customer], day)

    def lacks(self, buyer: CustomerFacts) -> list[Missing]:
        """What a buyer's version lacks; judged once."""
        if buyer.version not in self.missing:
            self.missing[buyer.version] = missing_of_buyer(buyer.data)
        return self.missing[buyer.version]

    def grounds(self, document: Composed) -> dict[tuple[str, int], Tax]:
        """(category, rate) → a treatment of this document that says why; reversals carry what was recorded."""
        found: dict[tuple[str, int], Tax] = {}
        for placed in document.lines:
            identity: Identity = placed.line.charge.identity
            group = (identity.category, identity.rate)
            if group not in found:
                last_day = placed.line.charge.service.end - timedelta(days=1)
                kind, _buyer = self._buyer_kind(identity.account, last_day)
                known = self.alike.get((kind, identity.product, last_day))
                if identity.account in self.payable:
                    known = self.purchases.get((identity.account, identity.product, last_day))
                same = known is not None and (known.category, known.rate) == group
                found[group] = known if known is not None and same else Tax(*group, self._reason(identity))
        return found

    def _reason(self, identity: Identity) -> str:
        """Why there is no tax, where only what was recorded says so."""
        small = self.seller.small_business or identity.account in self.payable
        return "small_business" if small and identity.category == "E" else REASONS.get(identity.category, "")


REASONS = {
    "AE": "reverse_charge", "O": "not_taxable", "E": "exempt", "K": "intra_community", "G": "export",
}  # fmt: skip
"""Category → key of the exemption text printed with it."""

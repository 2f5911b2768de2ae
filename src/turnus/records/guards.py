"""Database triggers that keep issued documents, postings, facts and the audit trail unchangeable (architecture §4.10).

The same list on both databases; ``install_guards()`` is idempotent and runs after every migrate, and ``doctor``
compares the list with the database.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from django.db import connection

APPEND_ONLY: Final = (
    "records_auditentry",
    "parties_sellerversion",
    "parties_supplieragreement",
    "parties_customerversion",
    "checks_vatcheck",
    "documents_validationrecord",
    "documents_letter",
    "documents_rendering",
    "documents_designversion",
    "documents_designuse",
    "documents_archiveentry",
    "documents_archiveanchor",
    "documents_archivestore",
    "documents_archivehold",
    "documents_archiveholdlift",
    "documents_archivedeletion",
    "delivery_deliveryevent",
    "delivery_mailtext",
    "payables_incoming",
    "payables_assessment",
    "payables_payableinvoice",
    "payables_payableline",
    "payables_payabletax",
    "payables_payabledecision",
    "ledger_posting",
    "ledger_allocation",
    "ledger_payment",
    "catalog_productversion",
    "catalog_price",
    "catalog_plan",
    "catalog_variant",
    "catalog_variantversion",
    "catalog_variantitem",
    "catalog_variantdiscount",
    "catalog_groupmember",
    "catalog_specialterms",
    "catalog_coupon",
    "catalog_couponversion",
    "catalog_coupontarget",
    "contracts_couponredemption",
    "catalog_pricescheme",
    "catalog_exchangerate",
    "catalog_indexvalue",
    "contracts_amendment",
    "contracts_item",
    "contracts_span",
    "contracts_payer",
    "contracts_itemgrid",
    "contracts_itemterms",
    "contracts_contractdiscount",
    "contracts_contractdecision",
    "contracts_contractminimum",
    "contracts_plannedraise",
    "contracts_commissionrule",
    "contracts_contractpaperwork",
    "contracts_contractterms",
    "contracts_recipient",
    "contracts_contractpause",
    "contracts_contractnotice",
    "contracts_contractwarning",
    "contracts_contractrenewal",
    "contracts_contractreplacement",
    "contracts_priceclause",
    "contracts_campaignfilter",
    "contracts_campaignline",
    "contracts_campaigntext",
    "contracts_announcement",
    "contracts_pricedeclaration",
    "contracts_usageevent",
    "contracts_marketplace",
    "contracts_marketmember",
    "contracts_markettrade",
    "invoices_commissiontaken",
    "invoices_billableinvoice",
    "invoices_numbervoid",
    "invoices_job",
    "invoices_jobline",
    "invoices_objection",
)
"""Tables whose rows are never updated or deleted."""

MONEY: Final = {
    "ledger_posting": ("amount",),
    "ledger_allocation": ("amount",),
    "ledger_payment": ("amount",),
    "payables_payableinvoice": ("net", "tax", "gross", "due"),
    "payables_payableline": ("net",),
    "payables_payabletax": ("base", "tax"),
    "invoices_invoice": ("net", "tax", "gross", "applied", "deducted"),
    "invoices_invoiceline": ("amount", "value", "net", "allowance"),
    "invoices_invoicetax": ("base", "tax"),
    "invoices_invoiceinstalment": ("amount",),
    "invoices_invoicededuction": ("base", "tax", "closed_base", "closed_tax"),
    "contracts_contractdecision": ("amount",),
    "contracts_contractminimum": ("amount",),
    "contracts_contractdiscount": ("amount",),
    "contracts_markettrade": ("net",),
    "catalog_variantdiscount": ("amount",),
    "catalog_specialterms": ("amount",),
    "catalog_couponversion": ("amount",),
    "contracts_usageevent": ("quantity", "amount"),
    "contracts_usageday": ("quantity", "amount", "moment", "weight"),
    "contracts_campaignline": ("old_amount", "new_amount"),
    "delivery_priorturnover": ("amount",),
}
"""Columns that hold integers only. SQLite would store anything."""

FROZEN_HEAD: Final = [
    "seller_id",
    "kind",
    "origin",
    "run_id",
    "chunk",
    "ordinal",
    "unit",
    "account_id",
    "split",
    "customer_id",
    "seller_version_id",
    "buyer_version_id",
    "currency",
    "language",
    "payment_days",
    "issue_date",
    "due_date",
    "service_start",
    "service_end",
    "net",
    "tax",
    "gross",
    "applied",
    "corrects_id",
    "reference",
    "reason",
    "cost_centre",
    "exchange_rate",
    "agreement_id",
    "deducted",
    "job_id",
    "note",
    "standing_id",
    "digest",
]
"""Columns of a released invoice that no longer change. Issuing adds state, range and number only."""

OPENING: Final = (
    "seller_id", "customer_id", "number", "kind", "cycle", "currency", "account_id", "signed_on", "start_on", "end_on",
    "floor", "split_periods", "payment_days", "reference", "had_trial", "after_trial", "price_lists",
    "variant_id", "customer_terms_id", "group_terms_id",
)  # fmt: skip
"""Columns of a contract that never change."""

LINES: Final = (
    "invoices_invoiceline",
    "invoices_invoicetax",
    "invoices_invoiceinstalment",
    "invoices_invoiceusage",
    "invoices_invoicededuction",
    "invoices_invoicetext",
)


class Guard(NamedTuple):
    """One trigger: name, table, event, and the condition (SQL) under which the write is refused."""

    name: str
    table: str
    event: str
    condition: str
    message: str


def guards() -> list[Guard]:
    """Every guard of this database, in SQL that both understand."""
    found = [
        Guard(f"guard_{table}_{event.lower()}", table, event, "1 = 1", f"{table} is append-only")
        for table in APPEND_ONLY
        for event in ("UPDATE", "DELETE")
    ]
    found += _opening_rows()
    head = "invoices_invoice"
    changed = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in FROZEN_HEAD)
    found += [
        Guard("guard_invoice_update", head, "UPDATE", "OLD.state = 'issued'", "an issued document never changes"),
        Guard(
            "guard_invoice_frozen", head, "UPDATE",
            f"OLD.state = 'released' AND NEW.state <> 'draft' AND ({changed})",
            "a released document may only be issued",
        ),
        Guard("guard_invoice_skip", head, "UPDATE", "OLD.state = 'draft' AND NEW.state = 'issued'",
              "a draft is released before it is issued"),
        Guard("guard_invoice_delete", head, "DELETE", "OLD.state <> 'draft'", "only drafts can be deleted"),
        Guard("guard_invoice_insert", head, "INSERT", "NEW.state = 'issued'", "a document is never born issued"),
    ]  # fmt: skip
    for table in LINES:
        for event, row in (("INSERT", "NEW"), ("UPDATE", "OLD"), ("DELETE", "OLD")):
            state = f"(SELECT state FROM invoices_invoice WHERE id = {row}.invoice_id)"
            found.append(
                Guard(f"guard_{table}_{event.lower()}", table, event, f"{state} IN ('released', 'issued')",
                      "lines of a released or issued document never change")
            )  # fmt: skip
    found += _records()
    found += _stored_files()
    if connection.vendor == "sqlite":
        found += _integers()
        found += _replacements()
    return found


def _opening_rows() -> list[Guard]:
    """The opening row of a contract stays; revision, billed revision, due day and seal are billing's own."""
    table = "contracts_contract"
    return [
        Guard(
            f"guard_{table}_update", table, f"UPDATE OF {', '.join(OPENING)}", "1 = 1", "a contract changes by facts"
        ),
        Guard(f"guard_{table}_delete", table, "DELETE", "1 = 1", "a contract is never deleted"),
    ]


def _records() -> list[Guard]:
    """A billable record is on one standing document at most, and does not change while it is."""
    table, links = "invoices_billable", "invoices_billableinvoice"
    standing = (
        f"SELECT 1 FROM {links} l JOIN invoices_invoice i ON i.id = l.invoice_id WHERE l.billable_id = {{}} AND NOT "
        "EXISTS (SELECT 1 FROM invoices_invoice c WHERE c.corrects_id = i.id AND c.kind = 'cancellation')"
    )
    other = f"{standing.format('NEW.billable_id')} AND l.ordinal <> NEW.ordinal"
    return [
        Guard(f"guard_{links}_insert", links, "INSERT", f"EXISTS ({other})", "a record is billed once"),
        Guard(f"guard_{table}_update", table, "UPDATE", f"EXISTS ({standing.format('OLD.id')})",
              "a billed record never changes"),
        Guard(f"guard_{table}_delete", table, "DELETE", "1 = 1", "a record is never deleted"),
    ]  # fmt: skip


def _stored_files() -> list[Guard]:
    """A file in the database goes only after the entries that name it have their tombstones."""
    table, entries, gone = "documents_storedfile", "documents_archiveentry", "documents_archivedeletion"
    kept = (
        f"EXISTS (SELECT 1 FROM {entries} e WHERE e.sha256 = OLD.sha256 AND NOT EXISTS "
        f"(SELECT 1 FROM {gone} d WHERE d.id = e.id))"
    )
    return [
        Guard(f"guard_{table}_update", table, "UPDATE", "1 = 1", "an archived file never changes"),
        Guard(f"guard_{table}_delete", table, "DELETE", kept, "an archived file is kept until its time is over"),
    ]


def _replacements() -> list[Guard]:
    """``INSERT OR REPLACE`` deletes the old row, and SQLite fires the guard against that only where told to."""
    known = [(table, "") for table in APPEND_ONLY] + [("invoices_invoice", " AND state <> 'draft'")]
    return [
        Guard(f"guard_{table}_replace", table, "INSERT", f"EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id{condition})",
              f"{table} is never replaced")
        for table, condition in known
    ]  # fmt: skip


def _integers() -> list[Guard]:
    return [
        Guard(
            f"guard_{table}_integers_{event.lower()}",
            table,
            event,
            " OR ".join(f"typeof(NEW.{column}) NOT IN ('integer', 'null')" for column in columns),
            "money is an integer",
        )
        for table, columns in MONEY.items()
        for event in ("INSERT", "UPDATE")
    ]


def truncates() -> list[str]:
    """Tables that may not be truncated (PostgreSQL)."""
    return [*APPEND_ONLY, "invoices_invoice", "invoices_billable", "documents_storedfile", *LINES]


def install_guards() -> None:
    """Create every guard anew. Idempotent."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for guard in guards():
                cursor.execute(f"DROP TRIGGER IF EXISTS {guard.name}")
                cursor.execute(_on_sqlite(guard))
            return
        cursor.execute(_REFUSE)
        for guard in guards():
            cursor.execute(f"DROP TRIGGER IF EXISTS {guard.name} ON {guard.table}")
            for statement in _on_postgresql(guard):
                cursor.execute(statement)
        for table in truncates():
            cursor.execute(f"DROP TRIGGER IF EXISTS guard_{table}_truncate ON {table}")
            cursor.execute(
                f"CREATE TRIGGER guard_{table}_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT "
                f"EXECUTE FUNCTION turnus_refuse('{table} cannot be truncated')"
            )


def lift_guards() -> None:
    """Before migrating on SQLite: a table that is rebuilt would break the triggers of others that name it."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'guard%'")
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}")


_REFUSE: Final = (
    "CREATE OR REPLACE FUNCTION turnus_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "RAISE EXCEPTION 'turnus: %', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END $$"
)


def _on_sqlite(guard: Guard) -> str:
    condition = guard.condition.replace("IS DISTINCT FROM", "IS NOT")
    return (
        f"CREATE TRIGGER {guard.name} BEFORE {guard.event} ON {guard.table} WHEN {condition} "
        f"BEGIN SELECT RAISE(ABORT, 'turnus: {guard.message}'); END"
    )


def _on_postgresql(guard: Guard) -> list[str]:
    """A condition on the row alone is a WHEN clause; inserts into lines are checked once per statement."""
    name, table, event, condition, message = guard
    if "SELECT" not in condition:
        return [
            (
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW WHEN ({condition}) "
                f"EXECUTE FUNCTION turnus_refuse('{message}')"
            )
        ]
    refuse = f"RAISE EXCEPTION 'turnus: {message}' USING ERRCODE = 'integrity_constraint_violation'"
    head = f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    if event == "INSERT":
        found = condition.replace("NEW.", "added.")
        return [
            f"{head} IF EXISTS (SELECT 1 FROM added WHERE {found}) THEN {refuse}; END IF; RETURN NULL; END $$",
            (
                f"CREATE TRIGGER {name} AFTER INSERT ON {table} REFERENCING NEW TABLE AS added "
                f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
            ),
        ]
    returned = "OLD" if event == "DELETE" else "NEW"
    return [
        f"{head} IF {condition} THEN {refuse}; END IF; RETURN {returned}; END $$",
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]


def missing_guards() -> list[str]:
    """Names of guards that the database lacks; empty is as it must be."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        present = {row[0] for row in cursor.fetchall()}
    wanted = [guard.name for guard in guards()]
    if connection.vendor == "postgresql":
        wanted += [f"guard_{table}_truncate" for table in truncates()]
    return [name for name in wanted if name not in present]

"""What contracts say about their documents, and who gets copies: another part of ``models``."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from turnus.contracts.fact import Fact


class ContractPaperwork(Fact):
    """How documents of a contract look that are issued from a day on; each row says all of it."""

    valid_from = models.DateField()
    split_by = models.TextField(db_default="")
    """``cost_centre`` or ``order_reference``: a document for each; empty: all on one."""
    proforma = models.BooleanField(db_default=False)
    instalments = models.TextField(db_default="")
    """``3x/1m``, ``30+30+40%/14d`` (``core/instalments``); empty: payable at once."""
    standing = models.BooleanField(db_default=False)
    """Recurring fees by a standing invoice."""

    class Meta:
        indexes: ClassVar = [models.Index(fields=["contract_id"], name="contract_paperwork_contract")]


class Recipient(Fact):
    """Somebody who gets a copy of the documents of a contract or of a customer (JB-45)."""

    seller_id = models.BigIntegerField()
    customer_id = models.BigIntegerField(db_default=0)
    """0: only those of the contract; the contract is 0 where the customer is named."""
    name = models.TextField()
    email = models.TextField()
    since = models.DateField()
    until = models.DateField(null=True)
    """First day without copies; None: open."""
    supersedes = models.BigIntegerField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["contract_id"], name="recipient_contract", condition=models.Q(contract_id__gt=0)),
            models.Index(fields=["customer_id"], name="recipient_customer", condition=models.Q(customer_id__gt=0)),
        ]

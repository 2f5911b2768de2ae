"""Sellers, customers, their versions, contacts and bank accounts. Versions are never changed (guarded)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Address(models.Model):
    """Columns of a postal address."""

    street = models.TextField(db_default="")
    extra = models.TextField(db_default="")
    postcode = models.TextField(db_default="")
    city = models.TextField(db_default="")
    region = models.TextField(db_default="")
    country = models.TextField()

    class Meta:
        abstract = True


class Seller(models.Model):
    """A legal entity that sends invoices."""

    id = models.BigAutoField(primary_key=True)
    code = models.TextField(unique=True)


class SellerVersion(Address):
    """A seller's data and settings from one day on."""

    id = models.BigAutoField(primary_key=True)
    seller = models.ForeignKey("parties.Seller", on_delete=models.PROTECT)
    valid_from = models.DateField()
    recorded_at = models.DateTimeField()
    name = models.TextField()
    email = models.TextField(db_default="")
    phone = models.TextField(db_default="")
    website = models.TextField(db_default="")
    vat_id = models.TextField(db_default="")
    tax_number = models.TextField(db_default="")
    register = models.TextField(db_default="")
    management = models.TextField(db_default="")
    contact_name = models.TextField(db_default="")
    time_zone = models.TextField()
    language = models.TextField()
    currency = models.TextField()
    payment_days = models.IntegerField()
    small_business = models.BooleanField()
    oss = models.BooleanField()
    vat_check_days = models.IntegerField()
    ships_abroad = models.BooleanField(db_default=False)
    carry_small_usage = models.BooleanField()
    print_zero_charges = models.BooleanField()
    deviation_percent = models.IntegerField()
    reminder_days = models.IntegerField(db_default=0)
    logo = models.TextField(db_default="")
    template = models.TextField()
    accent = models.TextField()
    endpoint = models.TextField(db_default="")
    endpoint_scheme = models.TextField(db_default="")
    creditor_id = models.TextField(db_default="")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["seller", "valid_from"], name="seller_version_day")]


class BankAccount(models.Model):
    """A seller's bank account, printed on invoices while it is active."""

    id = models.BigAutoField(primary_key=True)
    seller = models.ForeignKey("parties.Seller", on_delete=models.PROTECT)
    holder = models.TextField()
    iban = models.TextField()
    bic = models.TextField(db_default="")
    bank = models.TextField(db_default="")
    active = models.BooleanField(db_default=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["seller", "iban"], name="bank_account_once")]


class Customer(models.Model):
    """Who buys. Number unique per seller."""

    id = models.BigAutoField(primary_key=True)
    seller = models.ForeignKey("parties.Seller", on_delete=models.PROTECT)
    number = models.TextField()
    name_key = models.TextField()
    """Search key of the current name (core/text.py)."""
    parent = models.ForeignKey("parties.Customer", null=True, on_delete=models.PROTECT)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["seller", "number"], name="customer_number")]
        indexes: ClassVar = [models.Index(fields=["seller", "name_key"], name="customer_name")]


class CustomerVersion(Address):
    """A customer's data from one day on; documents refer to versions, so later changes never alter a reprint."""

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey("parties.Customer", on_delete=models.PROTECT)
    valid_from = models.DateField()
    recorded_at = models.DateTimeField()
    name = models.TextField()
    kind = models.TextField()
    delivery_street = models.TextField(db_default="")
    delivery_extra = models.TextField(db_default="")
    delivery_postcode = models.TextField(db_default="")
    delivery_city = models.TextField(db_default="")
    delivery_region = models.TextField(db_default="")
    delivery_country = models.TextField(db_default="")
    language = models.TextField(db_default="")
    currency = models.TextField(db_default="")
    vat_id = models.TextField(db_default="")
    email = models.TextField(db_default="")
    phone = models.TextField(db_default="")
    contact_name = models.TextField(db_default="")
    leitweg_id = models.TextField(db_default="")
    debtor_number = models.TextField(db_default="")
    payment_days = models.IntegerField(null=True)
    business_proof = models.TextField(db_default="")
    bill_to_parent = models.BooleanField(db_default=False)
    endpoint = models.TextField(db_default="")
    endpoint_scheme = models.TextField(db_default="")
    site = models.TextField(db_default="")
    einvoice_profile = models.TextField(db_default="")
    einvoice_syntax = models.TextField(db_default="")
    mandate = models.TextField(db_default="")
    mandate_iban = models.TextField(db_default="")
    card_digits = models.TextField(db_default="")
    cash_discount_days = models.IntegerField(db_default=0)
    cash_discount_percent = models.IntegerField(db_default=0)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["customer", "valid_from"], name="customer_version_day")]


class SupplierAgreement(models.Model):
    """The agreement to account for a supplier's services by self-billing, from a day on (§ 14 Abs. 2 UStG)."""

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey("parties.Customer", on_delete=models.PROTECT)
    valid_from = models.DateField()
    recorded_at = models.DateTimeField()
    active = models.BooleanField()
    """False: from this day on there is none any more."""
    agreed_on = models.DateField()
    tax_number = models.TextField(db_default="")
    small_business = models.BooleanField(db_default=False)
    """The supplier charges no VAT (§ 19 UStG)."""
    reference = models.TextField(db_default="")
    """Where the agreement is kept."""

    class Meta:
        indexes: ClassVar = [models.Index(fields=["customer", "valid_from"], name="supplier_agreement_day")]


class Contact(models.Model):
    """A person at a customer, with the role in which we write to them."""

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey("parties.Customer", on_delete=models.PROTECT)
    role = models.TextField()
    name = models.TextField()
    email = models.TextField(db_default="")
    phone = models.TextField(db_default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["customer", "role", "email"], name="contact_once"),
        ]

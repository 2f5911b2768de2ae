"""Products in immutable versions, dated prices and VAT rates."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from turnus.records.fields import ExactDecimalField


class Product(models.Model):
    """A product of one seller."""

    id = models.BigAutoField(primary_key=True)
    seller_id = models.BigIntegerField()
    code = models.TextField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["seller_id", "code"], name="product_code")]


class ProductVersion(models.Model):
    """What a product is called and how it is taxed; invoice lines refer to a version."""

    id = models.BigAutoField(primary_key=True)
    product = models.ForeignKey("catalog.Product", on_delete=models.PROTECT)
    recorded_at = models.DateTimeField()
    name = models.TextField()
    name_en = models.TextField(db_default="")
    description = models.TextField(db_default="")
    description_en = models.TextField(db_default="")
    kind = models.TextField()
    tax_class = models.TextField()
    unit = models.TextField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["product", "id"], name="product_version")]


class PriceScheme(models.Model):
    """A version of a price scheme: tiers, packages, allowances … as canonical text (``core/schemes.py``)."""

    id = models.BigAutoField(primary_key=True)
    seller_id = models.BigIntegerField()
    code = models.TextField()
    """Its name; ``#`` and a digest for one that was agreed for single contracts."""
    version = models.IntegerField()
    recorded_at = models.DateTimeField()
    body = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["seller_id", "code", "version"], name="price_scheme_once"),
        ]


class Price(models.Model):
    """The price of a product on ``[valid_from, valid_to)``. Contracts pin prices; repricing means new rows."""

    id = models.BigAutoField(primary_key=True)
    product = models.ForeignKey("catalog.Product", on_delete=models.PROTECT)
    model = models.TextField()
    currency = models.TextField()
    unit_price = ExactDecimalField()
    gross = models.BooleanField()
    scheme_id = models.BigIntegerField(null=True)
    """The version of a price scheme that the price follows."""
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    price_list = models.TextField(db_default="")
    """Empty: for everybody."""
    country = models.TextField(db_default="")
    """Empty: every country."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["product", "model", "currency", "valid_from", "price_list", "country"], name="price_once"
            ),
        ]


class VatRate(models.Model):
    """A VAT rate in basis points on ``[valid_from, valid_to)``, with its source."""

    id = models.BigAutoField(primary_key=True)
    country = models.TextField()
    tax_class = models.TextField()
    rate = models.IntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField()
    source = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["country", "tax_class", "valid_from"], name="vat_rate_once"),
        ]


class IndexValue(models.Model):
    """The value of an index series in a month (its first day), with its source. Never changed, only superseded."""

    id = models.BigAutoField(primary_key=True)
    series = models.TextField()
    month = models.DateField()
    value = ExactDecimalField()
    source = models.TextField()
    recorded_at = models.DateTimeField()
    supersedes = models.BigIntegerField(null=True)
    """The value that this one corrects; None: the first of its month."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["series", "month"], name="index_value_once", condition=models.Q(supersedes__isnull=True)
            ),
            models.UniqueConstraint(fields=["supersedes"], name="index_value_corrected_once"),
        ]

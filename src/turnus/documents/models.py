"""Archived renderings of documents, and the reports of their validation."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Rendering(models.Model):
    """The file of one document in one format, by content hash."""

    id = models.BigAutoField(primary_key=True)
    invoice_id = models.BigIntegerField()
    kind = models.TextField()
    """``pdf``, ``cii``, ``ubl`` or ``zugferd``."""
    sha256 = models.TextField()
    size = models.BigIntegerField()
    rendered_at = models.DateTimeField()
    design_id = models.BigIntegerField(null=True)
    """The version of the design that printed it; none: the seller's settings."""

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["invoice_id", "kind"], name="rendering_once")]


class DesignVersion(models.Model):
    """A design of documents as it was entered; the last one of a name holds, none is ever changed."""

    id = models.BigAutoField(primary_key=True)
    seller = models.ForeignKey("parties.Seller", on_delete=models.PROTECT)
    name = models.TextField()
    body = models.TextField()
    """Canonical JSON of ``core.design.design_values``."""
    recorded_at = models.DateTimeField()
    actor_name = models.TextField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["seller", "name"], name="design_name")]


class DesignUse(models.Model):
    """Which documents a design prints; a later row with the same conditions takes the place of an earlier one."""

    id = models.BigAutoField(primary_key=True)
    seller = models.ForeignKey("parties.Seller", on_delete=models.PROTECT)
    design = models.TextField(db_default="")
    """Empty: none any more."""
    kind = models.TextField(db_default="")
    site = models.TextField(db_default="")
    group = models.TextField(db_default="")
    language = models.TextField(db_default="")
    country = models.TextField(db_default="")
    recorded_at = models.DateTimeField()
    actor_name = models.TextField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["seller"], name="design_use_seller")]


class ValidationRecord(models.Model):
    """The report of one validation, as it was given (law.md L-06)."""

    id = models.BigAutoField(primary_key=True)
    invoice_id = models.BigIntegerField(null=True)
    """The document that the file renders; none for files of others."""
    sha256 = models.TextField()
    """Of the file that was judged."""
    verdict = models.TextField()
    error_class = models.TextField(db_default="")
    rules = models.TextField(db_default="")
    """The rule sets with their hashes."""
    body = models.TextField()
    """Canonical JSON of ``core.validation.ValidationReport``."""
    validated_at = models.DateTimeField()
    actor_name = models.TextField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["invoice_id"], name="validation_invoice"),
            models.Index(fields=["sha256"], name="validation_file"),
        ]


class Letter(models.Model):
    """A letter on paper that is no invoice; its file lies in the archive."""

    id = models.BigAutoField(primary_key=True)
    seller_id = models.BigIntegerField()
    customer_id = models.BigIntegerField()
    contract_id = models.BigIntegerField(null=True)
    kind = models.TextField()
    """``notice``, ``renewal``, ``prices``, ``statement``, ``order``."""
    title = models.TextField()
    dated = models.DateField()
    sha256 = models.TextField()
    size = models.BigIntegerField()
    filed_at = models.DateTimeField()
    actor_name = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["seller_id", "customer_id", "kind", "sha256"], name="letter_once")
        ]


class ArchiveEntry(models.Model):
    """One link of the archive's hash chain (``core/chain.py``). Stays when its file is deleted after its time."""

    id = models.BigIntegerField(primary_key=True)
    """The number of the link, from 1 on, without gaps."""
    subject = models.TextField()
    subject_id = models.BigIntegerField()
    format = models.TextField()
    name = models.TextField()
    sha256 = models.TextField()
    size = models.BigIntegerField()
    retention = models.TextField()
    dated = models.DateField()
    filed_at = models.DateTimeField()
    previous = models.TextField()
    hash = models.TextField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["subject", "subject_id"], name="archive_subject"),
            models.Index(fields=["sha256"], name="archive_file"),
            models.Index(fields=["retention", "dated"], name="archive_retention"),
        ]


class ArchiveAnchor(models.Model):
    """The head of the chain on a day, signed; the same lies as a file outside the database."""

    id = models.BigAutoField(primary_key=True)
    day = models.DateField(unique=True)
    number = models.BigIntegerField()
    hash = models.TextField()
    signature = models.TextField()


class ArchiveHold(models.Model):
    """Nothing is deleted that a hold covers, whatever its age."""

    id = models.BigAutoField(primary_key=True)
    number = models.BigIntegerField(null=True)
    """Of the entry; none: everything."""
    reason = models.TextField()
    set_at = models.DateTimeField()
    actor_name = models.TextField()


class ArchiveHoldLift(models.Model):
    """The end of a hold."""

    id = models.BigAutoField(primary_key=True)
    hold_id = models.BigIntegerField(unique=True)
    reason = models.TextField()
    lifted_at = models.DateTimeField()
    actor_name = models.TextField()


class ArchiveDeletion(models.Model):
    """The tombstone of an entry: its file was deleted by the protocol that entry ``protocol`` holds."""

    id = models.BigIntegerField(primary_key=True)
    """Of the entry."""
    protocol = models.BigIntegerField()


class StoredFile(models.Model):
    """A file of the archive where the database is the store."""

    id = models.BigAutoField(primary_key=True)
    sha256 = models.TextField(unique=True)
    content = models.BinaryField()


class ArchiveStore(models.Model):
    """Which store holds the archive from a moment on."""

    id = models.BigAutoField(primary_key=True)
    url = models.TextField()
    country = models.TextField(db_default="")
    permission = models.TextField(db_default="")
    chosen_at = models.DateTimeField()
    actor_name = models.TextField()

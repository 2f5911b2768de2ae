"""Audit trail, outbox, inbox, bulk writer, database guards: what every other app stands on."""

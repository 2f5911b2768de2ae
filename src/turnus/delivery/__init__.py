"""Channels of customers, texts of e-mails, and deliveries of documents with every attempt."""

"""Deployment: environment, Django settings, URLs and the ASGI entry."""

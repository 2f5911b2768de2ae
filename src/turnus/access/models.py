"""The user model."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """A member of staff. Customers are no users: they are granted access to their own data."""

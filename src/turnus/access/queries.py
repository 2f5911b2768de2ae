"""Users for reading."""

from __future__ import annotations

from turnus.access.models import User


def user_roles() -> list[tuple[str, str]]:
    """(name, ``admin``, ``staff``, ``user`` or ``inactive``) of every user by name."""
    rows = User.objects.order_by("username").values_list("username", "is_active", "is_superuser", "is_staff")
    return [
        (name, "inactive" if not active else "admin" if admin else "staff" if staff else "user")
        for name, active, admin, staff in rows
    ]

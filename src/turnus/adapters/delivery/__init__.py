"""Ways on which documents leave: each a carrier behind one port."""

from turnus.adapters.delivery.accounts import Accounts
from turnus.adapters.delivery.bounces import Bounces

__all__ = ["Accounts", "Bounces"]

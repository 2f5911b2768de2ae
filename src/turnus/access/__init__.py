"""Users. Roles per seller, portal grants, API keys and approvals have their place here."""

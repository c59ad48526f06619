"""The vendors that page people: what their accounts should hold for an inventory, and what they can't express."""

"""What is different between two sets of resources: of two inventories, or of an inventory and an account."""

from oncall.plan.diff import Change, FieldChange, diff

__all__ = ["Change", "FieldChange", "diff"]

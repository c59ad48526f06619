"""Edits of the inventory, pure: text and typed values in, text out, nothing else of the file touched."""

"""The bridge: from the inventory to the files of the Worker that pages."""

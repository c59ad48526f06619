"""Questions people ask of an inventory: from typed values to typed values. Pure: the instant is an argument."""

"""What pictures and pages are made of: escaped markup, colours, days in a row, names that fit, words of time."""

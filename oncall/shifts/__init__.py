"""Who is on call when: wall clocks, line-ups, windows, coverage, shifts. Pure: the period is an argument."""

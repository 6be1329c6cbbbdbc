"""How what was read is said: in words, as charts, as the monthly bulletin."""

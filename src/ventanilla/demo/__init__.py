"""A believable desk: weeks of history made through the same operations, with past moments."""

"""Small values that every floor shares."""

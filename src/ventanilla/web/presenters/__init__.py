"""From rows and clocks to what a page says. Pure: no queries, no request, `as_of` is given."""

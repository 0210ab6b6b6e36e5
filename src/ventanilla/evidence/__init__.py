"""The evidence store: files by content, referenced from the folio."""

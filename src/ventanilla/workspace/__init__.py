"""What each member of staff keeps about the cases: drafts, marks, views. Never the record."""

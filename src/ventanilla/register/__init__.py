"""The official record: case, folio, commitments, ledger."""

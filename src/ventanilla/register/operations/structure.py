"""Cases become one, or one becomes two. What each does to the clocks: docs/commitments.md."""

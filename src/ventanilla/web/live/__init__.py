"""Live updates: what happens to cases reaches open pages without a reload. See docs/live.md."""

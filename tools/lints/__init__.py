"""House lints: laws of this codebase that no general linter knows. One file a law."""

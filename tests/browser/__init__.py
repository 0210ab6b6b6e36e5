"""A package, so that its fixtures end with it: pytest keeps a folder that is none until the run ends."""

"""Gates and house lints: how the project keeps its own rules. Not part of the product."""

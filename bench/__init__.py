"""Figures beside a unit measured in the same run."""

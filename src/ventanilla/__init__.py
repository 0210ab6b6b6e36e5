"""Ventanilla: a written service policy, made to run."""

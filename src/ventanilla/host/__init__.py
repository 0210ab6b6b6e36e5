"""The machine the house stands on: data folder, embedded database, child processes.

Floor 1: pure Python, no Django, and light to import, because the supervisor lives in it.
"""

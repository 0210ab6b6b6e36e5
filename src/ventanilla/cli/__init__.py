"""Commands. ``cli/<name>.py`` holds the command ``<name>``; files with a leading _ hold none."""

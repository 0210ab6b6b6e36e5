"""What the larger pages are made of: reads from below, put through the presenters."""

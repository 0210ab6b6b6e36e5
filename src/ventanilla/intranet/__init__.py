"""What the company knows, written down: articles for customers and for the team, by version."""

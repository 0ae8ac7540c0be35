"""A run: what is planned, asked, accepted, logged, and taken up again."""

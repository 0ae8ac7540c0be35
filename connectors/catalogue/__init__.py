"""What catalogues of open data say of a dataset: where it stands, whose it is, what it is worth."""

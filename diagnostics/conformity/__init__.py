"""Does a file conform to a standard, and does it make sense: Table Schema compiled to SQL."""

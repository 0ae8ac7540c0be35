"""What is known without fetching, and where fetched rows live."""

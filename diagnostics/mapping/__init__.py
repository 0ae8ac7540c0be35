"""What each column of a file means in a standard, proposed, corrected, then carried out."""

"""What an answer says: its pages to the end, its columns, figures and codes of communes."""

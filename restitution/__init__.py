"""What people take away: files that stay readable without the tool."""

"""What the pages share on screen: menu, frame, search, components."""

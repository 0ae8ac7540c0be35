"""Real extracts shipped with the product, and the scripts that rebuild them."""

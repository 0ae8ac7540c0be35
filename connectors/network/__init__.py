"""The way out to the network: what may be asked, how often, and what may come back."""

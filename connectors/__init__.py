"""How rows arrive: from the network, from an embedded extract, from a local file."""

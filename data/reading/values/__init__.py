"""Values of a column brought to normal form: each module knows one kind of value."""

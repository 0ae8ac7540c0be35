"""A published table, read as its card says: found, unpacked, brought to rows."""

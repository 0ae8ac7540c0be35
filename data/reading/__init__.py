"""From a file that a service sent to a table in normal form: `data.reading.door.read`."""

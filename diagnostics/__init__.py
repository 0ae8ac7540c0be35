"""What the data say: pure, the store goes in, values come out; no network, no screen, no clock."""

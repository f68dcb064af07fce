"""Exchange: what goes out of the house and comes in again, one format a file."""

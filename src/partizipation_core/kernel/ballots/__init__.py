"""Ballots: what stands on one, what is wrong with one, casting, replacing and revoking it."""

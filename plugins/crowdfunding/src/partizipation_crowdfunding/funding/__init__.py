"""Funding: what money does, as pure functions: match, prizes, rewards, success or failure."""

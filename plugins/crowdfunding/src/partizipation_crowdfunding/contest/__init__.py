"""The contest: campaigns, pledges and what the town does with them, decided step by step."""

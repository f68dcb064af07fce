"""Channels: account, code, paper, booth, hands and urn, all into one register of a vote."""

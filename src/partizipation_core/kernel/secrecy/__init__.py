"""Secrecy: what keeps a ballot from being traced to its voter, and how that is shown."""

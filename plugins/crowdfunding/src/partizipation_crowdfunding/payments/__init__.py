"""Payments (Zahlungen): a port to whoever moves the money, and the proof that both sides agree."""

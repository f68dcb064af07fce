"""Privacy: which personal data are kept where, why, how long, and what becomes of them."""

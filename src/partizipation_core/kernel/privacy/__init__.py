"""Privacy: what is personal, where it stands, and how it is forgotten or taken out."""

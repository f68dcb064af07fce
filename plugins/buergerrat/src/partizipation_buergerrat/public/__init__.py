"""A draw that anyone can check: commit, publish, draw, verify. Standard library only."""

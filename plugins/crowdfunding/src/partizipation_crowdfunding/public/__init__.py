"""Public: what anybody may see of a contest, as data, as tables and as pictures."""

"""What a procedure is, as data: stages, lifecycles, rules, formats, and their lint."""

"""The command line: one group, one file per noun, nothing loaded before it is needed."""

"""The parts of a procedure's handle, one for each room of the house it reaches into."""

"""What happens in a Bürgerrat, from the mandate to what became of each recommendation."""

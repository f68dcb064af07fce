"""What happens: pure deciders that turn commands into events, or refuse with every reason."""

"""partizipation_core."""

"""What visitors write to the staff."""

"""Two sides of a project brought together: what each changed since they parted, by feature and by field."""

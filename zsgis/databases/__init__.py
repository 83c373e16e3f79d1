"""Projects of a bureau-wide database: passwords, and files brought together with it."""

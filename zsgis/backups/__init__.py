"""When copies of a project are taken, and where they go."""

"""Base maps and services in the window: off until switched on, fetched aside, said when in trouble."""

"""The data floor: what each map layer is; how it is stored, read, checked, measured and styled."""

"""Finding places, parcels, layers and commands by name, code or spelling."""

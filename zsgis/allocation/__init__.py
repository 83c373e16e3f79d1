"""Which land for which project in which year, under which quota: exact, with proof (科研用地保障)."""

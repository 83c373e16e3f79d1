"""The allocation of a project's land: registers and supply joined to a problem, solved, told in tables."""

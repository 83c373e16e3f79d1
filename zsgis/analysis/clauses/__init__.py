"""Features held against the clauses of a rule: requirement, actual value, margin, verdict, conclusion."""

"""The dialog “Base maps and services”: what the project shows, what is switched on, what can be added."""

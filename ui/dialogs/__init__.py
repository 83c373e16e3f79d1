"""Questions and messages. Everything that waits for a person goes through the port in ``ui.dialogs.port``."""

"""Result tables on the screen."""

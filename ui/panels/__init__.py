"""The panels about the map: rail, layer tree, the chosen stage, inspector, status bar."""

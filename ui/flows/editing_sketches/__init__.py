"""New shapes and new boundaries in the window: drawing, dividing, holes, entering, tracing."""

"""One project and several people: who may write, working copies, what happens when the right is lost."""

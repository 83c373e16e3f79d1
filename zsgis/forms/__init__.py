"""Forms joined to a project: edits completed before they are written, drafts kept, history in words."""

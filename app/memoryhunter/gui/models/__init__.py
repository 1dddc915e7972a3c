"""The page of models: what there is, getting one, choosing, checking and removing it."""

"""The verbs: one use case is one function is one transaction."""

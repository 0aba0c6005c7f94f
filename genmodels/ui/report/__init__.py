"""The page of the report: what goes in, and the document that is made of it."""

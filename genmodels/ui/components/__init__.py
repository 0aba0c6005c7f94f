"""Browser components of our own, each with its script and style, and how they get to the browser."""

"""Which trained model a page shows, what it loads of it, and its scores."""

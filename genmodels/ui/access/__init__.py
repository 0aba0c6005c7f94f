"""Who looks at a page, and what they may start and change."""

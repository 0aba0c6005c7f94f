"""What every page has around it: navigation, sidebar, tabs, languages, and what catches errors."""

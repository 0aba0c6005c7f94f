"""What can be set, free of torch: one declaration for the command line, the form, validation and ``config.json``."""

"""The command `genmodels`: one module a subcommand that is not at home in another wing."""

"""The subcommands, each loaded when it is called: what a command does not need, its start does not pay for."""

"""Commands for people who run the program."""

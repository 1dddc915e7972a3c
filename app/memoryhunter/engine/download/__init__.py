"""Fetches the files of a catalogue entry; the only code of the program that uses the network."""

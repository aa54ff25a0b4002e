"""SHACL over records: the engines, what shapes say of themselves, and what they find, as data."""

"""SHACL engines, and what they find in records and snapshots, as data."""

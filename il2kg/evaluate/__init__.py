"""Which criteria are met, held or unknown: by columns, and by SHACL."""

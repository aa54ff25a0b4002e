"""Files and folders into patients, in bounded memory (semantics, section 7.1)."""

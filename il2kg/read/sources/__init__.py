"""Files and folders as patients, one after another, in bounded memory (semantics, section 7)."""

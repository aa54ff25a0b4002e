"""What an item of a record stands for: by its codings, by a map, or by its words (semantics, section 7)."""

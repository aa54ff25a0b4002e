"""What an item of a record stands for: by its codings, by a map, or by its words (semantics, sections 7.2 and 7.3)."""

"""Questions in words: which of the questions is meant, and of what."""

"""The grounds of a decision: evidence, advice, and what is still to assess."""

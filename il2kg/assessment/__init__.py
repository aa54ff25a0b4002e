"""What is said of a record: the steps to it, its evidence, advice, and what is still to assess."""

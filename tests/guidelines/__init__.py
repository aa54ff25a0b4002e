"""The guidelines beside that for interleukin-2: all that the product does, with folders that it knows nothing of."""

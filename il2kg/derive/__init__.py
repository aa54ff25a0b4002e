"""What a record says at an instant: statements and quantities that conditions ask about."""

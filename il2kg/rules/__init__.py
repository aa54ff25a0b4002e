"""What criteria say of derived values: their statuses, what stays in force, decisions."""

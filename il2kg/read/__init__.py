"""Records of patients from files."""

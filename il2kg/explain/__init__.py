"""Assessments for people and programs; computes nothing."""

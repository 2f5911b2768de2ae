"""Intake from files."""

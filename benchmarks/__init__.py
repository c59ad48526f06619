"""Figures of this project, measured: see README.md beside this file."""

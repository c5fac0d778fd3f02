"""Tests of `institutions.roster`."""

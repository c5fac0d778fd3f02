"""Tests of `institutions.api`."""

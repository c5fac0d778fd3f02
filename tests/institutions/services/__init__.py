"""Tests of `institutions.services`."""

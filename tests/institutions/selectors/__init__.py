"""Tests of `institutions.selectors`."""

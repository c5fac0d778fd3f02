"""Tests of `institutions.views`."""

"""Tests of `cases.views`."""

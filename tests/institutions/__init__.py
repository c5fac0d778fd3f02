"""Tests of `institutions`."""

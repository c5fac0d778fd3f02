"""Benchmarks: two ways of doing the same work side by side in one run, so that the machine cancels out."""

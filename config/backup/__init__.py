"""Backup and restore of the embedded services: base backup, write-ahead log, evidence, proof afterwards.

A deployment with its own PostgreSQL backs up with its own tools (docs/operations.md); what is proven after a restore
is the same.
"""

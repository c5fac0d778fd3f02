"""Endpoints of `cases`: case files and attributions, narrowed to what the officer may see."""

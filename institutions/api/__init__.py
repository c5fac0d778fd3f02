"""Endpoints of `institutions`: the inbox and the registrations, narrowed to what the user may see."""

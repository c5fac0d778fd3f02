"""The rules as arithmetic: plain values in, plain values out; no Django, no clock, no I/O.

The same code answers the server, ``simulate``, what-if questions, previews and the check of a
decision letter. SQL never computes policy.
"""

"""Open data: the published facts as files that add up. Pure; no Django, no clock.

`columns` fixes what a row holds and how it is written, `changes` what leads from one snapshot to the next, `schema`
how a machine learns of both. The services decide when; the selectors decide which facts.
"""

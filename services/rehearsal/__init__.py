"""Rehearsals (Proben): an edition told beforehand and then played through the public API, the way people do.

`script` says what is wished for, `story` tells it (pure: the same script, the same story), `player` plays it,
`season` is the demo of the six cities of 2006.
"""

"""A fictional town (00001), its agglomération (000000001) and its département (dep:00).

FICTIF: names, places and figures are all invented. Distances are metres in a local plane whose
origin, the market square of Castelvoire, is put in the middle of the Atlantic.
"""

"""Demonstration data (I05): a fictitious département, a commune, a small overseas territoire.

Places and people are invented; telephones are in the ranges that the regulator keeps for fiction,
addresses e-mail under `.example`. The same `--today` gives the same rows.
"""

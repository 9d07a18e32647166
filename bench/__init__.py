"""Benchmarks of the searches, of the public page and of booking: `make bench`, docs/benchmarks.md.

Nothing here is imported by the product.
"""

"""Reads for screens and the API: small frozen rows, keyset paging."""

"""SCIM 2.0 (RFC 7643, 7644): an HR system pushes people, one request for each change. `routes` is HTTP, `words` what is said.

Knows no database: the composition root hands in what finds and what takes. Every value is judged as in the People CSV.
"""

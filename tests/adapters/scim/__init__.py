"""SCIM 2.0: what HR systems push and ask."""

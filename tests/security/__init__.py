"""What a security review asks for, by named tests; docs/security.md says which answers what."""

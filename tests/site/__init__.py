"""The documentation site: how it is built, its pictures, and tests that it is whole and true."""

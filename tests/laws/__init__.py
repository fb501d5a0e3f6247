"""Laws of the whole core: generated companies live for weeks, and what always holds is checked after every step."""

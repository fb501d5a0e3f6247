"""Where Rondo meets the outside: one package per platform, the admin API, the composition root and the command line."""

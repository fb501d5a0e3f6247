"""House rules: who may import whom, the purity of the core, and habits that a linter does not know."""

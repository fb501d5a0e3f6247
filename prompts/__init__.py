"""Every word Rondo says: `en/*.ftl` and `ko/*.ftl` (Project Fluent), and the loader that checks them at start."""

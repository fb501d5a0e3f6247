"""Tests from outside: real processes, real HTTP, and no more knowledge than INTERFACES.md and PRODUCT.md give."""

import pytest

pytest.register_assert_rewrite("tests.e2e.story", "tests.e2e.hands", "tests.e2e.server")

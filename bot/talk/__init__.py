"""How Rondo speaks: text, cards, forms, what a button means and what plain words mean."""

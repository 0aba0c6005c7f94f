"""Inside a network of any family: its layers, their maps, and what excites them."""

"""JSON as text: parsed strictly, with paths, positions and scalars."""

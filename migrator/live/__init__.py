"""A live name server as the new side of a comparison: whom to ask, and the asking."""

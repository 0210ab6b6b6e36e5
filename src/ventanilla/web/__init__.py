"""HTTP pages: check input, name actor and moment, one call down, render."""

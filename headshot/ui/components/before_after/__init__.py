"""An example before and after, before there is a photo."""

"""Features of the face that move: each a smooth field of one file, all of them one warp of the person's own pixels."""

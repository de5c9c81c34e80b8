"""What others are told of a picture: the sentences to paste beside it."""

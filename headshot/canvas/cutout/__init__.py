"""Cut the person out of a photo: networks vote, colours testify, and matting solves what is left open."""

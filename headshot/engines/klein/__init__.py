"""FLUX.2 klein 4B: takes the photo itself as a reference and paints over the canvas. Apache-2.0, for everybody."""

"""Many pictures at once, in the studio: any two settings as a grid, as far as one stays oneself, best of several."""

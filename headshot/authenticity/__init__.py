"""Whether it is still you: one pair of pictures measured into findings, in words. Knows neither engines nor pages."""

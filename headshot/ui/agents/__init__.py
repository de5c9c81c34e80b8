"""The tools of a language model, and the server that offers them, over HTTP or standard input and output."""

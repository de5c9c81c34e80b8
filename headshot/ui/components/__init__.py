"""What two tabs show, each a folder of its own: Python, template, style and script."""

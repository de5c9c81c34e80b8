"""What two tabs show, each a folder of its own: Python, template, style and script.

Why not Gradio's own: gr.ImageSlider, gr.Image, gr.Gallery and gr.DownloadButton write the pictures that they show into
GRADIO_CACHE, and a photo must never lie on the disk (ours send data URLs, the photo field deletes its upload). gr.Radio
cannot switch a single choice off with its reason beside it, which the ladder and the adjustments need. gr.Slider has
one end, the ranges have two.
"""

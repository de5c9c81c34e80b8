"""The page: Gradio alone lives here. Handlers translate; what they ask for is done by studio."""

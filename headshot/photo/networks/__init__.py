"""MediaPipe's networks for faces and people on onnxruntime: pure functions of pixels, safe for several threads.

The weights are MediaPipe's own (Apache-2.0), converted to ONNX by `headshot.weights.tflite`; what happens before and
after them follows MediaPipe 0.10.21's graphs for the CPU, and tests/photo/networks holds it to that package.
"""

"""TensorFlow Lite files → plain ONNX: enough of TFLite for MediaPipe's models for faces and people."""

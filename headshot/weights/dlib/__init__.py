"""dlib's file of its face recognition ResNet → plain ONNX."""

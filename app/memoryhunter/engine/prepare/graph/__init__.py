"""Chinese-CLIP's two towers as ONNX graphs, built from the weights one tensor at a time."""

"""The names of the files that a model hub lays out for a Chinese-CLIP model."""

# The first that is there is read: safetensors can be checked without loading it.
WEIGHTS = ("model.safetensors", "pytorch_model.bin")
# What decides, with the weights, what is made of the model.
SETTINGS = ("config.json", "preprocessor_config.json", "tokenizer_config.json", "vocab.txt")
ALL = (*SETTINGS, "README.md", *WEIGHTS)


def is_hub_layout(names: set[str]) -> bool:
    """Whether files of these names, in one folder, look like a model's."""
    return "config.json" in names and not names.isdisjoint(WEIGHTS)

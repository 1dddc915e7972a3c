"""The names of the files that a model hub lays out for a Chinese-CLIP model."""

# The first that is there is read: safetensors can be checked without loading it.
WEIGHTS = ("model.safetensors", "pytorch_model.bin")
# What decides, with the weights, what is made of the model.
SETTINGS = ("config.json", "preprocessor_config.json", "tokenizer_config.json", "vocab.txt")
ALL = (*SETTINGS, "README.md", *WEIGHTS)


# Files by which a person, or the program, knows a model's folder.
SIGNS = frozenset({*SETTINGS, *WEIGHTS})
# Without these there is no model.
NEEDED = ("config.json", "vocab.txt")


def missing(names: set[str]) -> str | None:
    """Say which needed files a folder with files of these names lacks; None for none."""
    lacking = [name for name in NEEDED if name not in names]
    # Weights in several files have a list of them, of which the reader of folders tells.
    lists = {f"{name}.index.json" for name in WEIGHTS}
    if names.isdisjoint({*WEIGHTS, *lists}):
        lacking.append(f"the weights ({' or '.join(WEIGHTS)})")
    if not lacking:
        return None
    every, last = lacking[:-1], lacking[-1]
    if not every:
        return f"{last} {'are' if last.startswith('the') else 'is'} missing"
    return f"{', '.join(every)} and {last} are missing"


def is_hub_layout(names: set[str]) -> bool:
    """Whether files of these names, in one folder, look like a model's."""
    return "config.json" in names and not names.isdisjoint(WEIGHTS)

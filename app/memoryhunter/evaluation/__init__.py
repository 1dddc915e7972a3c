"""How well a model finds pictures by words, measured on pictures whose captions are known."""

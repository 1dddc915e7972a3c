"""BERT's vocabulary file becomes the tokenizer file that the program reads."""

from pathlib import Path

from tokenizers import AddedToken, Tokenizer, normalizers, pre_tokenizers, processors
from tokenizers.models import WordPiece

from memoryhunter.engine.prepare.hub_folder import HubFolder

_PADDING, _UNKNOWN = "[PAD]", "[UNK]"
_MARKS = (_PADDING, _UNKNOWN, "[CLS]", "[SEP]", "[MASK]")


def write_tokenizer(hub: HubFolder, path: Path) -> None:
    """Write `tokenizer.json`; its ids are those of transformers' BertTokenizer.from_pretrained.

    (BertTokenizer(vocab_file=...) of transformers 5.23 would give everything as unknown.)
    """
    # A word that stands twice has its later number, as in transformers.
    ids = {word: number for number, word in enumerate(hub.vocabulary)}
    tokenizer = Tokenizer(
        WordPiece(
            ids, unk_token=_UNKNOWN, continuing_subword_prefix="##", max_input_chars_per_word=100
        )
    )
    tokenizer.normalizer = normalizers.BertNormalizer(
        clean_text=True, handle_chinese_chars=True, strip_accents=None, lowercase=hub.lowercase
    )
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.add_special_tokens(
        [AddedToken(mark, special=True, normalized=False) for mark in _MARKS if mark in ids]
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        special_tokens=[("[CLS]", ids["[CLS]"]), ("[SEP]", ids["[SEP]"])],
    )
    tokenizer.enable_padding(pad_id=ids[_PADDING], pad_token=_PADDING)
    tokenizer.enable_truncation(max_length=hub.max_tokens)
    path.write_bytes(tokenizer.to_str().encode())  # its own `save` raises no OSError

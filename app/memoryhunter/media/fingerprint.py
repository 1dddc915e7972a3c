"""The fingerprint of a file's content: what recognises a photo that was moved or copied."""

import hashlib
from functools import partial
from typing import BinaryIO

from memoryhunter.media.source import unreadable

# 128 bits: among a million photos two different ones meet with a probability near 1e-27.
_DIGEST_BYTES = 16


def content_hash(file: BinaryIO) -> str:
    """Give the BLAKE2b of the whole content in 32 hexadecimal digits; the file is rewound.

    The content is streamed, so that a file larger than memory can be fingerprinted.
    Raises FileFailure (UNREADABLE) where the disk reports an error.
    """
    try:
        file.seek(0)
        digest = hashlib.file_digest(file, partial(hashlib.blake2b, digest_size=_DIGEST_BYTES))  # type: ignore[arg-type]
        file.seek(0)
    except OSError as error:
        raise unreadable(error) from error
    return digest.hexdigest()

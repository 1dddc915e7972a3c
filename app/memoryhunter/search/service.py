"""Answers a query: words and pictures become one vector, all photos are ranked, the rest is cut."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from memoryhunter.domain.errors import ErrorCode, UserError
from memoryhunter.domain.failures import FailureReason, FileFailure
from memoryhunter.domain.photo import Photo, PixelSpec
from memoryhunter.domain.query import Hit, SearchQuery
from memoryhunter.engine.embedder import Embedder
from memoryhunter.library.library import Library
from memoryhunter.search.cutoff import cutoff
from memoryhunter.search.ranking import Ranked, Ranking
from memoryhunter.search.text import normalise

_CACHED_TEXTS = 512

PixelReader = Callable[[Path, PixelSpec], NDArray[np.uint8]]


class SearchService:
    """Searches one library with the model in use; used by one lane.

    While there is no model every search raises `UserError` NO_MODEL.
    """

    def __init__(
        self,
        library: Library,
        embedder: Callable[[], Embedder | None],
        read_pixels: PixelReader,
        note_damage: Callable[[UserError], None] = lambda _error: None,
    ) -> None:
        """`embedder` gives the model in use, which may change between two searches.

        `read_pixels` decodes a picture file for the model; it may raise `FileFailure`.
        `note_damage` gets MODEL_DAMAGED of a model that cannot be run; if `embedder` gives
        another one after that, the search is answered by that one.
        """
        self._library = library
        self._embedder = embedder
        self._read_pixels = read_pixels
        self._note_damage = note_damage
        self._texts: OrderedDict[tuple[str, str], NDArray[np.float32]] = OrderedDict()
        self._ranking: Ranking | None = None

    def warm_up(self) -> None:
        """Load what the first query would wait for; does nothing without a model."""
        embedder = self._embedder()
        while embedder is not None:
            try:
                embedder.embed_texts([""])
                break
            except UserError as error:
                embedder = self._instead_of(embedder, error)
        if embedder is not None:
            self._ranking_for(embedder).refresh()

    def search(self, query: SearchQuery) -> list[Hit]:
        """Give the photos that answer `query`, the best first.

        Raises `UserError`: NO_MODEL, EMPTY_QUERY, FILE_NOT_FOUND, PICTURE_UNREADABLE.
        """
        embedder = self._embedder()
        if embedder is None:
            raise UserError(ErrorCode.NO_MODEL)
        if query.is_empty:
            raise UserError(ErrorCode.EMPTY_QUERY)
        while True:
            try:
                return self._search(query, embedder)
            except UserError as error:
                embedder = self._instead_of(embedder, error)

    def _instead_of(self, embedder: Embedder, error: UserError) -> Embedder:
        """Give another embedder in place of one that is damaged; raise `error` otherwise."""
        if error.code is not ErrorCode.MODEL_DAMAGED:
            raise error
        self._note_damage(error)
        other = self._embedder()
        if other is None or other.package.fingerprint == embedder.package.fingerprint:
            raise error
        return other

    def _search(self, query: SearchQuery, embedder: Embedder) -> list[Hit]:
        pictures = self._pictures(query)
        vector = self._vector(query, pictures, embedder)
        ranked = self._ranking_for(embedder).rank(vector, query.filters)
        if not len(ranked.ids):
            return []
        line = cutoff(self._of_others(ranked, pictures))
        shown = len(ranked.ids)
        if not query.everything:
            # Scores fall, so those worth showing come first.
            shown = int(np.searchsorted(-ranked.scores, -line.shown, side="right"))
        if query.limit is not None:
            shown = min(shown, query.limit)
        return [
            Hit(int(photo_id), float(score), certain=bool(score >= line.certain))
            for photo_id, score in zip(ranked.ids[:shown], ranked.scores[:shown], strict=True)
        ]

    def _pictures(self, query: SearchQuery) -> list[tuple[Path, Photo | None]]:
        """Give the pictures of a query, each with the photo of the library that it is."""
        pictures: list[tuple[Path, Photo | None]] = []
        if query.similar_to is not None:
            photo = self._library.photos.get(query.similar_to)
            if photo is None:
                raise UserError(ErrorCode.FILE_NOT_FOUND, path=f"#{query.similar_to}")
            pictures.append((photo.path, photo))
        if query.image is not None:
            path = query.image.absolute()
            pictures.append((path, self._library.photos.find(path)))
        return pictures

    def _of_others(
        self, ranked: Ranked, pictures: Sequence[tuple[Path, Photo | None]]
    ) -> NDArray[np.float32]:
        """Give the scores without those of the query's own pictures and their copies.

        A picture is all too certain to be like itself, which would hide what resembles it.
        """
        own = [
            photo_id
            for _, photo in pictures
            if photo is not None and photo.content_hash is not None
            for photo_id in self._library.photos.ids_with_content(photo.content_hash)
        ]
        others = ranked.scores[~np.isin(ranked.ids, own)]
        return others if len(others) else ranked.scores

    def _ranking_for(self, embedder: Embedder) -> Ranking:
        package = embedder.package
        if self._ranking is None or self._ranking.fingerprint != package.fingerprint:
            self._ranking = Ranking(self._library, package.fingerprint, package.dimension)
        return self._ranking

    def _vector(
        self,
        query: SearchQuery,
        pictures: Sequence[tuple[Path, Photo | None]],
        embedder: Embedder,
    ) -> NDArray[np.float32]:
        parts: list[NDArray[np.float32]] = []
        if query.text.strip():
            parts.append(self._text_vector(normalise(query.text), embedder))
        for path, photo in pictures:
            parts.append(self._picture_vector(path, photo, embedder))
        total = np.sum(parts, axis=0)
        norm = float(np.linalg.norm(total))
        if norm < 1e-6:
            return parts[0]  # parts that cancel each other out leave nothing to look for
        combined: NDArray[np.float32] = (total / norm).astype(np.float32)
        return combined

    def _text_vector(self, text: str, embedder: Embedder) -> NDArray[np.float32]:
        key = (embedder.package.fingerprint, text)
        if key not in self._texts:
            self._texts[key] = embedder.embed_texts([text])[0]
            if len(self._texts) > _CACHED_TEXTS:
                self._texts.popitem(last=False)
        self._texts.move_to_end(key)
        return self._texts[key]

    def _picture_vector(
        self, path: Path, photo: Photo | None, embedder: Embedder
    ) -> NDArray[np.float32]:
        """Take the stored vector of a photo of the library, or look at the file."""
        if photo is not None:
            vectors = self._library.find_vectors(embedder.package.fingerprint)
            stored = vectors.current(photo.id) if vectors is not None else None
            if stored is not None:
                return stored
        try:
            pixels = self._read_pixels(path, embedder.package.pixels)
        except FileFailure as failure:
            if failure.reason is FailureReason.VANISHED:
                raise UserError(ErrorCode.FILE_NOT_FOUND, path=str(path)) from failure
            raise UserError(
                ErrorCode.PICTURE_UNREADABLE,
                path=str(path),
                reason=failure.reason.value,
                detail=failure.detail,
            ) from failure
        vector: NDArray[np.float32] = embedder.embed_images(pixels[np.newaxis])[0]
        if not np.isfinite(vector).all():
            raise UserError(
                ErrorCode.PICTURE_UNREADABLE, path=str(path), reason="not-understood", detail=""
            )
        return vector

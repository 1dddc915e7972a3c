"""What a piece of work changed in the library, for those who show it."""

from dataclasses import dataclass, field

from memoryhunter.domain.photo import PhotoId


@dataclass(frozen=True, slots=True)
class LibraryChange:
    """Photos added, updated (facts, place or vector) and removed; and whether folders changed."""

    added: frozenset[PhotoId] = field(default_factory=frozenset)
    updated: frozenset[PhotoId] = field(default_factory=frozenset)
    removed: frozenset[PhotoId] = field(default_factory=frozenset)
    folders: bool = False

    def __bool__(self) -> bool:
        """Whether anything changed at all."""
        return bool(self.added or self.updated or self.removed or self.folders)

    def merged(self, later: "LibraryChange") -> "LibraryChange":
        """Give the one change that has the effect of this one followed by `later`."""
        removed = (self.removed - later.added) | later.removed
        return LibraryChange(
            added=(self.added | later.added) - later.removed,
            updated=(self.updated | later.updated) - later.removed,
            removed=removed,
            folders=self.folders or later.folders,
        )

"""What runs of the indexer did, summed up."""

from memoryhunter.indexing.report import IndexSummary


def test_photos_that_another_model_understood_are_not_counted_twice() -> None:
    earlier = IndexSummary(added={1, 2}, embedded=2, seconds=1.0)
    both = IndexSummary(updated={1}, embedded=3, seconds=2.0).after(earlier)
    assert (both.added, both.updated, both.embedded, both.seconds) == ({1, 2}, {1}, 3, 3.0)

"""The grid of photos: geometry, model, thumbnails and painting."""

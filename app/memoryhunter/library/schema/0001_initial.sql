-- Folders the person asked to watch, and the photos found in them.
-- Names that are not valid Unicode are kept as BLOBs of their raw bytes (see names.py),
-- which is why the path columns have no type.

CREATE TABLE folders (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    path NOT NULL UNIQUE,
    online INTEGER NOT NULL DEFAULT 1,
    is_mount INTEGER NOT NULL DEFAULT 0,   -- it was the top of a drive at the last look
    added_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
);

-- Drives mounted somewhere inside a watched folder at the last look: an empty place where one was
-- is a drive that is not there, not deleted photos.
CREATE TABLE mounts (
    folder_id INTEGER NOT NULL REFERENCES folders (id) ON DELETE CASCADE,
    relative_path NOT NULL,
    PRIMARY KEY (folder_id, relative_path)
) WITHOUT ROWID;

-- AUTOINCREMENT: an id is never given to another photo, so a late answer cannot show the wrong one.
CREATE TABLE photos (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    folder_id INTEGER NOT NULL REFERENCES folders (id) ON DELETE CASCADE,
    relative_path NOT NULL,            -- with / between its parts on every system
    size INTEGER NOT NULL,             -- bytes
    mtime_ns INTEGER NOT NULL,
    content_hash TEXT,                 -- NULL until the file has been read
    format TEXT,
    width INTEGER,                     -- pixels, after orientation
    height INTEGER,
    orientation INTEGER,               -- EXIF, 1 to 8, as found
    captured_at TEXT,                  -- local time, ISO 8601
    capture_source TEXT,               -- exif or file
    camera TEXT,
    latitude REAL,                     -- degrees, north positive
    longitude REAL,                    -- degrees, east positive
    failure TEXT,                      -- why the file cannot be read, NULL when it can
    failure_detail TEXT,
    missing_since TEXT,                -- when the file was found gone, NULL while it is there
    added_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    UNIQUE (folder_id, relative_path)
);

CREATE INDEX photos_by_content ON photos (content_hash) WHERE content_hash IS NOT NULL;
CREATE INDEX photos_by_date ON photos (captured_at DESC, id DESC)
    WHERE missing_since IS NULL AND failure IS NULL;
CREATE INDEX photos_failed ON photos (failure) WHERE failure IS NOT NULL;
CREATE INDEX photos_missing ON photos (missing_since) WHERE missing_since IS NOT NULL;

-- One row for each model that ever made vectors here; each has a vec0 table of its own, made when
-- first needed because its dimension is fixed at creation. The fingerprint identifies the vector
-- space: vectors of different fingerprints are never compared.
CREATE TABLE models (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    fingerprint TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    dimension INTEGER NOT NULL,
    sequence INTEGER NOT NULL DEFAULT 0    -- counts the writes of vectors, never goes back
);

-- Which content each stored vector was made from. Work still to do is a query over this table.
-- `sequence` is the model's at the write, so that a copy in memory can ask for what is new.
CREATE TABLE embedded (
    model_id INTEGER NOT NULL REFERENCES models (id) ON DELETE CASCADE,
    photo_id INTEGER NOT NULL REFERENCES photos (id) ON DELETE CASCADE,
    content_hash TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    failure TEXT,                      -- the model gave no usable vector for this content
    PRIMARY KEY (model_id, photo_id)
) WITHOUT ROWID;

CREATE INDEX embedded_by_sequence ON embedded (model_id, sequence);
CREATE INDEX embedded_by_photo ON embedded (photo_id);
CREATE INDEX embedded_failed ON embedded (photo_id) WHERE failure IS NOT NULL;

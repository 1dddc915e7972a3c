-- A model that the person removed: its vectors are deleted as soon as the one that writes can. Kept
-- here, so that a program that ends in between does it when it starts again.
ALTER TABLE models ADD COLUMN given_up INTEGER NOT NULL DEFAULT 0;

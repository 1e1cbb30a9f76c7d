"""The backup folder: what `export` writes, and what is read and verified again before anybody relies on it."""

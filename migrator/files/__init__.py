"""Files and folders on disk that are no zone: read whole, written whole or not at all, locked."""

"""What the files of a backup folder are called. No IO here."""

ZONE_JSON = "zone.json"
# The folder of the provider's own documents.
RAW = "raw"

"""Values to the JSON that scripts rely on, and back: versioned, pure, no IO."""

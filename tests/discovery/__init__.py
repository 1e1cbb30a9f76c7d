"""What `discover` finds, and how."""

"""The whole journey on one machine: name servers of our own on loopback, and the commands run against them."""

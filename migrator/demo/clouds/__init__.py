"""Route 53, Azure DNS and Cloudflare on loopback: stateful fakes over real HTTP, independent of the adapters."""

"""The network as the profile shows it: the way from the root to a domain, resolvers, HTTPS, the registry."""

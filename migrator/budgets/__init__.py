"""Requests to an account: how many a service allows, counted by one process or by all workers together."""

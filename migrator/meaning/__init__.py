"""What records say beyond their octets: what each is for, who points at whom, what a server answers. Pure."""

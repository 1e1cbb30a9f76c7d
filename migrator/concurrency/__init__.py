"""Work done beside other work: by threads ahead of it, or in a second process."""

"""What the product costs, beside its peers, in the same run: figures are ratios, never single seconds."""

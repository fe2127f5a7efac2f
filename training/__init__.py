"""How the network of `extract.scan.digits` is made; not part of the package."""

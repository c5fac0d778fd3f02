"""The product behind Debian's nginx, configured by docs/deploy/nginx. Run by `make test-nginx` only."""

"""The public pages of `scoring`: doors that parse, call one selector and render."""

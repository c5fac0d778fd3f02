"""A QR code as a picture that a page carries in itself."""

import segno


def qr_image(text: str) -> str:
    """Return the QR code of a text as a data address of an SVG picture, dark on white in every colour scheme."""
    return str(
        segno.make(text, error="m", micro=False).svg_data_uri(scale=5, border=3, light="#ffffff", dark="#000000")
    )

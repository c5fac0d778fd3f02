"""Letters: a notice in calm words for one reader, and as page, text and PDF."""

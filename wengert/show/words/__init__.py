"""Every heading and sentence that a document, a picture or a page shows: this folder holds the words and nothing else.

A module for each kind of document, each with constants and small functions that make a sentence of names and numbers. Nothing
here computes, and no other room of `show` writes a sentence of its own (a test reads them for that): whoever brings another
language translates these. What the rule table says of its primitives stands with them, in their records.
"""

LANGUAGE = "en"  # as pages and pictures tell a screen reader

"""Every heading and sentence that a document, a picture or a page shows: this folder holds the words and nothing else.

A module for each kind of document, each with constants and small functions that make a sentence of names and numbers. Nothing
here computes, and no other room of `show` writes a sentence of its own: whoever brings another language translates these.
"""

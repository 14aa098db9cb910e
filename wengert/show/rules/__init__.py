"""The documents of `wengert rules`: the table of all primitives, and one rule with its derivation, proof and number."""

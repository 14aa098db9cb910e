"""The computational graph: what it is (model), where its nodes go (layout), and how it is drawn, a module for each way."""

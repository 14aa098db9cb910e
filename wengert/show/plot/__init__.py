"""Plots: a loss by step, a gradient by layer, an operation and its derivative. Data (model.py), then one SVG (svg.py)."""

"""The parts of the web page: its style sheet and script as they are, tables, and the stage with the graph and the steps.

`page.css` and `page.js` are put into the page by `assets`, so that the page is one file that asks nothing of the network.
"""

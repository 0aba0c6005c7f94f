"""A trained model as a web page that needs no server: the network runs in the reader's browser."""

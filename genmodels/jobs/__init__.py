"""Who trains when, and who may: the queue, the worker processes, and the limits of a public server."""

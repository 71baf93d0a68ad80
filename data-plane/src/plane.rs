//! What the cores of a worker share, and what each has of its own.

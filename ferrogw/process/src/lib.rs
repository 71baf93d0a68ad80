//! What every ferrogw process does at its edges: logging and signals.

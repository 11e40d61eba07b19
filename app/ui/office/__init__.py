"""The window of a small office: what counters sent, the record beside its originals, and the answer. It has no store and no server."""

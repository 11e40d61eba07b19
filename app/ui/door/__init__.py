"""The door: what stands before the work, the first start and the lock."""

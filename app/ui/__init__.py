"""What is seen: the only place that knows Qt."""

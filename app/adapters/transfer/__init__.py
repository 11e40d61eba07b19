"""The way to the office: sealed bags, and the places that hold them. Imported on the network lane only."""

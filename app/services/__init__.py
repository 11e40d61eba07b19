"""What the clerk does: verbs over core, and the ports they need."""

"""One application at the window: its steps, its findings, its pages of paper."""

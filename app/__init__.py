"""Chuangkou: the counter program."""

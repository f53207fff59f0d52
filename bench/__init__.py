"""Benchmarks: `bin/bench` runs them; they report figures and fail nothing."""

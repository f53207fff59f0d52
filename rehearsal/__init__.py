"""Rehearsals: what takes long or needs programs beyond Python (`bin/rehearse`)."""

"""Checks a newsroom from outside, with nothing but its public addresses.

Runs with what `pip install diurna` brings: no Django, no database. `check` does the work and can
be called from other programs; `command` is `diurna verify`.
"""

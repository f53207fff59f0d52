"""The public append-only log: what the newsroom has published, counted, corrected and moderated.

`tree`, `tiles`, `note`, `entry` and `proof` import no Django: `diurna verify` runs on them alone.
"""

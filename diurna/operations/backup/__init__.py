"""Backup and restore: one file with everything, and a site that goes on from it.

`writing` makes the file, `unpacking` reads it, `restoring` makes a site of it, and `log_return`
sees to it that the public log never gets shorter under its old name.
"""

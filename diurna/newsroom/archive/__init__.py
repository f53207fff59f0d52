"""Kept copies: what stories cite is fetched once, kept, and looked at again from time to time.

capture.py    a page that was fetched is kept
ties.py       the citations that a copy is shown beside: those of the address that was asked for
eligible.py   what may be asked for at all: nothing for a draft, nothing confidential
warc.py       the file of a copy (ISO 28500), written and read
page_text.py  the words of a page, in which passages are looked up
passages.py   whether a passage stands in them (pure)
judging.py    what a look at an address found (pure)
schedule.py   when it is looked at again (pure)
links.py      the looks, and what they change
look_up.py    title, authors and so on of an address, for a form
own.py        copies of the newsroom's own pages and files
files.py      where the files lie
"""

"""The search index: what goes into it, and the questions it is asked.

Wagtail's `modelsearch` keeps the rows; the words in them are ours (`words`), so that both databases
find the same. What a reader is shown, and in which order, is decided in `web/search`.
"""

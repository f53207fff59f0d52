"""The blocks of an article's body and of a front, each with its canonical text."""

from diurna.newsroom.blocks.body import BodyBlock
from diurna.newsroom.blocks.front import CompositionBlock

__all__ = ["BodyBlock", "CompositionBlock"]

"""What comments add to the desk."""

from diurna.comments import gif_desk

gif_desk.register()

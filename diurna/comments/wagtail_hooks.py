"""What comments add to the desk."""

from diurna.comments import gif_desk, held_hooks

gif_desk.register()
held_hooks.register()

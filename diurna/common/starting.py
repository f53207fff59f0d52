"""How a process of ours begins."""

import gc


def set_up_django() -> None:
    """`django.setup()`, a fifth sooner: the garbage collector does not look through what comes in.

    A million objects come, all of which stay: it passes over them afterwards, too. The environment
    names the settings; raises what `django.setup()` does.
    """
    import django

    gc.disable()
    try:
        django.setup()
        gc.freeze()
    finally:
        gc.enable()

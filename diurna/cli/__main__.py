"""`python -m diurna.cli`: the same command, without relying on the PATH."""

from diurna.cli import main

if __name__ == "__main__":
    main()

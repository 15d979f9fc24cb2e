"""`python -m keshu.cli` is the `keshu` command."""

from keshu.cli import main

if __name__ == "__main__":
    main()

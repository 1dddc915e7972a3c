"""Makes `python -m memoryhunter` the program."""

import multiprocessing
import sys

from memoryhunter.main import main

if __name__ == "__main__":
    multiprocessing.freeze_support()
    sys.exit(main())

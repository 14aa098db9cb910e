"""python -m wengert"""

try:
    import os
    import sys

    if __name__ == "__main__":
        # -m puts the current directory first: a json.py or sympy.py that lies there must not stand in for a library.
        here = [p for p in sys.path if p in ("", os.getcwd())]
        sys.path[:] = [p for p in sys.path if p not in here] + [os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]

        from wengert.cli import main

        main()
except KeyboardInterrupt:  # before anybody listened: main ends otherwise
    raise SystemExit(130) from None

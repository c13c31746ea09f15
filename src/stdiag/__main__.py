"""`python -m stdiag`: for machines where the scripts folder is not on the PATH (often so on Windows)."""

from stdiag.cli.main import main

if __name__ == "__main__":
    main()

"""`python -m wireshape` is the wireshape command."""

from wireshape.cli import main

main()

"""`python -m wireshape` is the wireshape command."""

from wireshape.cli.main import main

main()

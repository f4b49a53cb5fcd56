"""Records live answers as cassettes, and replays recorded frames."""

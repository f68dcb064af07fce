"""Reads the reviewed table of policies: ``TABLE[policy, stands, comes]`` is R, O, N or V."""

from pathlib import Path

TABLE = {}
for block in Path(__file__).with_suffix(".txt").read_text(encoding="utf-8").split("\n\n")[1:]:
    head, *rows = block.strip().splitlines()
    policy, *channels = head.split()
    for row in rows:
        stands, *letters = row.split()
        for comes, letter in zip(channels, letters, strict=True):
            TABLE[policy, stands, comes] = letter

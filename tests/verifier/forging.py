"""Somebody who holds a whole export and can write all of it anew."""

import json
from collections import Counter


class Insider:
    """An export in the hands of somebody who can write all of it anew."""

    def __init__(self, verifier, folder, seal_again):
        self.verifier, self.folder, self._seal = verifier, folder, seal_again
        self.lines = self._read("journal.ndjson")
        self.ballots = self._read("votes/1/ballots.ndjson")
        self.tags = (folder / "votes/1/roll.txt").read_text().split()
        (self.register,) = self._read("votes/1/register.json")
        self.plain = lambda text: text

    def _read(self, name):
        return [json.loads(row) for row in (self.folder / name).read_bytes().splitlines()]

    def line(self, kind):
        return next(one for one in self.lines if one["kind"] == kind)

    def put(self, *bodies):
        """Exchange what the first ballots say."""
        for ballot, body in zip(self.ballots, bodies, strict=False):
            ballot["body"] = body if isinstance(body, str) else written(body).decode()

    def settle(self):
        """Make everything fit: commitments, roots, register, chain, checkpoints, manifest."""
        leaf, root, votes = self.verifier.leaf, self.verifier.root, self.folder / "votes/1"
        for one in self.ballots:
            one["commitment"] = leaf(bytes.fromhex(one["nonce"]) + one["body"].encode()).hex()
        self.ballots.sort(key=lambda one: one["commitment"])
        names = [one["commitment"] for one in self.ballots]
        self.register["box"] = dict(Counter(one["channel"] for one in self.ballots))
        closed = self.line("BallotClosed")["data"]
        closed |= {"ballots": len(names), "root": root(list(map(bytes.fromhex, names))).hex()}
        marks = [leaf(bytes.fromhex(tag)) for tag in sorted(self.tags)]
        closed |= {"voters": len(marks), "roll_root": root(marks).hex()}
        self._write("votes/1/ballots.ndjson", map(written, self.ballots))
        (votes / "commitments.txt").write_text("".join(f"{self.plain(n)}\n" for n in names))
        (votes / "roll.txt").write_text("".join(f"{tag}\n" for tag in sorted(self.tags)))
        self._write("votes/1/register.json", [written(self.register)])
        self._chain()
        self._seal(self.folder)
        return self.verifier.verify(self.folder)

    def _chain(self):
        previous, bodies = "", []
        for one in self.lines:
            one["prev"] = previous
            bodies.append(written(one))
            previous = self.verifier.leaf(bodies[-1]).hex()
        self._write("journal.ndjson", bodies)
        self._seal(self.folder)
        export = self.verifier.Export(self.folder, self.verifier.Report())
        leaves = self.verifier.check_journal(export)
        for point in (self.folder / "checkpoints").iterdir():
            point.write_text(self.verifier.checkpoint_text(export, leaves, int(point.stem)))

    def _write(self, name, rows):
        (self.folder / name).write_bytes(b"".join(row + b"\n" for row in rows))


def written(data):
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

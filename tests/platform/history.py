"""The check of a history of requests whose answers may have been lost with the one who asked.

Every step is what a writer told before it asked (``asked``), when it was answered (``ok``,
``refused``), or when it had read a number (``read``). What was answered ``ok`` is there exactly
once, what was refused is not, and what was never answered is there once or not at all. Shares no
code with what it judges.
"""

from collections import defaultdict


class History:
    """What was asked, and what came of it.

    Args:
        steps: in the order in which each writer told them.
        box: voter → (receipt, choice) of what is stored.
    """

    def __init__(self, steps, box):
        self.box = box
        self.asked = {step["asked"]: step for step in steps if "asked" in step}
        self.ok = {step["ok"]: step["receipt"] for step in steps if "ok" in step}
        self.refused = {step["refused"]: step["why"] for step in steps if "refused" in step}
        self.unknown = self.asked.keys() - self.ok.keys() - self.refused.keys()
        self.steps = steps
        self.by_voter = defaultdict(list)
        for number, step in self.asked.items():
            self.by_voter[step["voter"]].append(number)

    def faults(self):
        """Say what must not have happened; nothing if all is well."""
        for voter in self.box.keys() - self.by_voter.keys():
            yield f"{voter} never asked and is in the box"
        for voter, numbers in self.by_voter.items():
            yield from self._of_one(voter, numbers)
        yield from self._of_reads()

    def _of_one(self, voter, numbers):
        receipts = {self.ok[number] for number in numbers if number in self.ok}
        there = self.box.get(voter)
        if len(receipts) > 1:
            yield f"{voter} has {len(receipts)} different receipts"
        if receipts and there is None:
            yield f"{voter} was told ok and is not in the box"
        if there is None:
            return
        receipt, choice = there
        if receipts and receipt not in receipts:
            yield f"{voter} has a receipt for something else than what is in the box"
        may = [n for n in numbers if n not in self.refused]
        if not may:
            yield f"{voter} was refused and is in the box"
        if choice not in {self.asked[n]["choice"] for n in may}:
            yield f"{voter} asked for something else than what is in the box"
        for number in numbers:
            key = self.asked[number]["key"]
            same = [n for n in may if key and self.asked[n]["key"] == key]
            if number in self.refused and same:
                yield f"{voter} asked again with the same key and was refused"

    def _of_reads(self):
        """Look at numbers that were read: they hold all that was answered before, and never fall.

        Writers are numbered; two work at once, and those of the next round after both have ended.
        """
        rounds = defaultdict(lambda: defaultdict(list))
        for step in self.steps:
            rounds[step["writer"] // 2][step["writer"]].append(step)
        known, highest = set(), 0
        for _, writers in sorted(rounds.items()):
            reached = []
            for steps in writers.values():
                mine, last = set(known), highest
                for step in steps:
                    if "ok" in step:
                        mine.add(self.asked[step["ok"]]["voter"])
                    if "read" in step:
                        if step["read"] < max(last, len(mine)):
                            yield f"{step['read']} were read where {max(last, len(mine))} were in"
                        last = step["read"]
                reached.append((mine, last))
            known = set().union(*(mine for mine, _ in reached))
            highest = max(last for _, last in reached)

"""Equal shares and Phragmén as slow and obvious as possible: a fraction for every single voter."""

from fractions import Fraction


def voters_of(election, *, points=False):
    """Return what each voter gives to each supported project, by position."""
    for place in election.voters.ballots:
        given = {}
        for project, amount in election.ballots[place]:
            if amount > 0:
                given[project] = max(given.get(project, 0), amount if points else 1)
        yield given


def price_of(supporters, cost):
    """Return the least q with sum of min(money, q * points) = cost, None if they cannot pay."""
    if sum(money for money, _ in supporters) < cost:
        return None
    rest, rich = Fraction(cost), sum(points for _, points in supporters)
    for money, points in sorted(supporters, key=lambda each: each[0] / each[1]):
        if money * rich >= rest * points:
            return rest / rich
        rest, rich = rest - money, rich - points
    return None


def equal_shares(election, utility, key, *, added=0, forbidden=lambda project, bought: False):
    """Return the projects in the order of their purchase, with the price of each."""
    ballots = list(voters_of(election, points=utility.startswith("score")))
    start = Fraction(election.budget, len(ballots) or 1) + added
    money = [start] * len(ballots)
    bought = []
    while True:
        offers = []
        for number, project in enumerate(election.projects):
            fans = [v for v, given in enumerate(ballots) if number in given]
            taken = any(number == done for done, _ in bought)
            if not fans or taken or project.withdrawn or forbidden(project, bought):
                continue
            price = price_of([(money[v], ballots[v][number]) for v in fans], project.cost)
            if price is not None:
                worth = (project.cost or 1) if utility in {"cost", "score_cost"} else 1
                offers.append((price / worth, key(project), number, price))
        if not offers:
            return bought
        _, _, number, price = min(offers)
        for voter, given in enumerate(ballots):
            if number in given:
                money[voter] -= min(money[voter], price * given[number])
        bought.append((number, price))


def phragmen(election, key):
    """Return the projects in the order of their purchase; the first misfit ends it."""
    ballots = list(voters_of(election))
    load, rest, bought = [Fraction(0)] * len(ballots), election.budget, []
    while True:
        offers = []
        for number, project in enumerate(election.projects):
            fans = [v for v, given in enumerate(ballots) if number in given]
            able = project.cost <= election.budget and not project.withdrawn
            if fans and number not in bought and able:
                time = Fraction(project.cost + sum(load[v] for v in fans), len(fans))
                offers.append((time, key(project), number, fans))
        if not offers:
            return bought
        time, _, number, fans = min(offers)
        if any(t == time and election.projects[n].cost > rest for t, _, n, _ in offers):
            return bought
        for voter in fans:
            load[voter] = time
        rest -= election.projects[number].cost
        bought.append(number)

"""Casts ballots with a peer, in a process of its own: what one costs there.

Started by ``test_engine.py`` with the folder of the peers, the name of one, and an address. It
reads how many ballots to cast, one number a line, and answers each with the seconds of processor
time that took. Nothing of a peer is imported anywhere else.

Both are used as their documentation has it, and asked for less than ours does by itself: no stage
is looked at, no rule asked, nothing committed to.
"""

import os
import sys
import time
from itertools import count
from urllib.parse import parse_qs, urlsplit

sys.path.insert(0, sys.argv[1])
PEER, URL = sys.argv[2], urlsplit(sys.argv[3])
PLACE = {"municipality": "12060052", "procedure": "budget-2027", "vote": "vote"}
CHOICES = dict.fromkeys([f"2027-{number:05d}" for number in range(5)], 1)
SERVER = {
    "NAME": URL.path.lstrip("/") or "postgres",
    "HOST": (parse_qs(URL.query).get("host") or [URL.hostname or ""])[0],
    "PORT": str(URL.port or 5432),
    "USER": URL.username or "",
    "PASSWORD": URL.password or "",
}


def with_eventsourcing():
    """Make every ballot an aggregate, whose identity is the place of its voter in the vote."""
    if URL.scheme == "sqlite":
        os.environ |= {"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": URL.path}
    else:
        os.environ["PERSISTENCE_MODULE"] = "eventsourcing.postgres"
        os.environ |= {f"POSTGRES_{key}": value for key, value in SERVER.items()}
        os.environ["POSTGRES_DBNAME"] = SERVER["NAME"]
        os.environ["POSTGRES_SCHEMA"] = SERVER["USER"]  # each site has one of its own
    from uuid import NAMESPACE_URL, uuid5

    from eventsourcing.application import Application
    from eventsourcing.domain import Aggregate, event

    class Ballot(Aggregate):
        @event("Cast")
        def __init__(self, place, voter, channel, choices):
            self.place, self.voter = place, voter
            self.channel, self.choices = channel, choices

        @staticmethod
        def create_id(place, voter, **_):
            return uuid5(NAMESPACE_URL, "/".join((*place.values(), voter)))

    app = Application()
    return lambda voter: app.save(
        Ballot(place=PLACE, voter=voter, channel="online", choices=CHOICES)
    )


def with_django():
    """Write a mark on the roll and a ballot into the box, in one transaction."""
    import django
    from django.conf import settings
    from django.db import connection, models, transaction

    kind = "sqlite3" if URL.scheme == "sqlite" else "postgresql"
    at = {"NAME": URL.path} if URL.scheme == "sqlite" else SERVER
    databases = {"default": {"ENGINE": f"django.db.backends.{kind}", **at}}
    settings.configure(DATABASES=databases, USE_TZ=True, DEBUG=False)
    django.setup()

    class Placed(models.Model):
        pk = models.CompositePrimaryKey("municipality", "procedure", "vote", "voter")
        municipality, procedure = models.TextField(), models.TextField()
        vote, voter = models.TextField(), models.TextField()

        class Meta:
            abstract = True

    class Mark(Placed):  # noqa: DJ008 - nobody looks at it
        class Meta:
            app_label = "peer"

    class Ballot(Placed):  # noqa: DJ008
        channel, choices = models.TextField(), models.JSONField()

        class Meta:
            app_label = "peer"

    with connection.schema_editor() as editor:
        editor.create_model(Mark)
        editor.create_model(Ballot)

    def cast(voter):
        with transaction.atomic():
            Mark.objects.create(**PLACE, voter=voter)
            Ballot.objects.create(**PLACE, voter=voter, channel="online", choices=CHOICES)

    return cast


def main():
    """Cast as many as are asked for, until nothing is."""
    cast = {"eventsourcing": with_eventsourcing, "django": with_django}[PEER]()
    numbers = count()
    for line in sys.stdin:
        began = time.process_time()
        for _ in range(int(line)):
            cast(f"voter-{next(numbers)}")
        print(time.process_time() - began, flush=True)  # noqa: T201 - what it was asked for


if __name__ == "__main__":
    main()

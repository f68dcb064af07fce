"""Power failures, simulated: what SQLite writes is recorded, and every cut through it played.

SQLite reaches the disk through a table of functions, its VFS. Here two of its tables are copied,
with functions in place of those that write, flush, cut off and delete; each notes what it was
asked and does it. Nothing of SQLite or of ours is changed, and nothing needs to be installed.

What was flushed is on the disk. What was written since may be there or not, in any choice, and the
last write may be torn; a file that was deleted may come back until its folder is flushed. That is
how disks behave when the power goes.
"""

import ctypes
import random
from collections import defaultdict
from contextlib import contextmanager
from ctypes import CFUNCTYPE, POINTER, c_char_p, c_int, c_int64, c_void_p
from pathlib import Path

SECTOR = 512
_WRITE = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
_TRUNCATE = CFUNCTYPE(c_int, c_void_p, c_int64)
_SYNC = CFUNCTYPE(c_int, c_void_p, c_int)
_OPEN = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, c_void_p)
_DELETE = CFUNCTYPE(c_int, c_void_p, c_char_p, c_int)


class Methods(ctypes.Structure):
    """What an open file can do (sqlite3_io_methods, version 3)."""

    _fields_ = [
        ("version", c_int),
        ("close", c_void_p),
        ("read", c_void_p),
        ("write", _WRITE),
        ("truncate", _TRUNCATE),
        ("sync", _SYNC),
        *((f"more_{number}", c_void_p) for number in range(13)),
    ]


class File(ctypes.Structure):
    """An open file (sqlite3_file): the rest of it is nobody's business."""

    _fields_ = [("methods", POINTER(Methods))]


class System(ctypes.Structure):
    """A file system (sqlite3_vfs, version 3)."""

    _fields_ = [
        ("version", c_int),
        ("size_of_file", c_int),
        ("longest_name", c_int),
        ("next", c_void_p),
        ("name", c_char_p),
        ("data", c_void_p),
        ("open", _OPEN),
        ("delete", _DELETE),
        *((f"more_{number}", c_void_p) for number in range(16)),
    ]


def library():
    """Return the very SQLite that Python's module uses; None where it cannot be reached."""
    try:
        import _sqlite3

        found = ctypes.CDLL(_sqlite3.__file__)
        found.sqlite3_vfs_find.restype = POINTER(System)
    except (ImportError, AttributeError, OSError):
        return None
    return found


class Recorder:
    """Notes what reaches the disk.

    `steps` holds ``(what, file name, offset, bytes)``; whoever uses it adds ``("told", ...)``.
    """

    def __init__(self, sqlite):
        self.steps, self._sqlite = [], sqlite
        self._old = sqlite.sqlite3_vfs_find(None)
        self._new = System.from_buffer_copy(self._old.contents)
        self._new.name = b"recording"
        self._new.open, self._new.delete = _OPEN(self._open), _DELETE(self._delete)
        self._names, self._tables = {}, {}

    def begin(self):
        self._sqlite.sqlite3_vfs_register(ctypes.byref(self._new), 1)

    def end(self):
        self._sqlite.sqlite3_vfs_register(self._old, 1)
        self._sqlite.sqlite3_vfs_unregister(ctypes.byref(self._new))

    def tell(self, what):
        """Note that something was acknowledged."""
        self.steps.append(("told", "", 0, what))

    def _open(self, _system, name, file, flags, told):
        done = self._old.contents.open(
            ctypes.addressof(self._old.contents), name, file, flags, told
        )
        opened = ctypes.cast(file, POINTER(File)).contents
        if done == 0 and name and opened.methods:
            self._names[file] = Path(ctypes.string_at(name).decode()).name
            opened.methods = ctypes.pointer(self._recording(opened.methods.contents))
        return done

    def _recording(self, real):
        key = ctypes.addressof(real)
        if key not in self._tables:
            table = Methods.from_buffer_copy(real)
            table.write, table.sync = _WRITE(self._writing(real)), _SYNC(self._flushing(real))
            table.truncate = _TRUNCATE(self._cutting(real))
            self._tables[key] = table
        return self._tables[key]

    def _writing(self, real):
        def write(file, data, amount, offset):
            self.steps.append(("write", self._names[file], offset, ctypes.string_at(data, amount)))
            return real.write(file, data, amount, offset)

        return write

    def _cutting(self, real):
        def truncate(file, size):
            self.steps.append(("cut", self._names[file], size, b""))
            return real.truncate(file, size)

        return truncate

    def _flushing(self, real):
        def sync(file, flags):
            done = real.sync(file, flags)
            self.steps.append(("flush", self._names[file], 0, b""))
            return done

        return sync

    def _delete(self, _system, name, flush):
        self.steps.append(("delete", Path(name.decode()).name, 0, b""))
        return self._old.contents.delete(ctypes.addressof(self._old.contents), name, flush)


@contextmanager
def recording(sqlite):
    """Record everything that this process lets SQLite write; yields the recorder."""
    recorder = Recorder(sqlite)
    recorder.begin()
    try:
        yield recorder
    finally:
        recorder.end()


# --- what may be left


def changed(content, step):
    """Do one step to the content of a file."""
    what, _, offset, data = step
    if what == "cut":
        del content[offset:]
    elif what == "delete":
        content.clear()
    else:
        content.extend(bytes(max(0, offset + len(data) - len(content))))
        content[offset : offset + len(data)] = data


def states(steps, cuts, seed=1):
    """Yield what may be on the disk after a power failure, and what was told by then.

    Args:
        steps: what was recorded.
        cuts: how many states are wanted; they are spread over all steps.
        seed: of the choices.
    """
    chance = random.Random(seed)  # noqa: S311 - a drill
    flushed, since, told = defaultdict(bytearray), defaultdict(list), []
    for number, step in enumerate(steps, start=1):
        _take(step, flushed, since, told)
        share = cuts * number // len(steps) - cuts * (number - 1) // len(steps)
        for _ in range(share):
            yield _left(chance, flushed, since), list(told)


def _take(step, flushed, since, told):
    what, name, _, data = step
    if what == "told":
        told.append(data)
    elif what == "flush":
        if name not in flushed:  # with a new file SQLite flushes its folder, too
            for gone in [one for one, steps in since.items() if steps[-1][0] == "delete"]:
                del since[gone], flushed[gone]
        for one in since.pop(name, ()):
            changed(flushed[name], one)
    else:
        since[name].append(step)


def _left(chance, flushed, since):
    """Choose what of the writes that were not flushed has reached the disk."""
    files = {name: bytearray(content) for name, content in flushed.items()}
    way = chance.choice(("none", "all", "some", "torn"))
    for name, steps in since.items():
        kept = list(steps) if way in {"all", "torn"} else []
        if way == "some":
            kept = [one for one in steps if chance.random() < chance.choice((0.1, 0.5, 0.9))]
        if way == "torn":
            kept = kept[: chance.randrange(len(kept) + 1)]
            if kept and kept[-1][0] == "write":
                kept[-1] = _torn(chance, kept[-1])
        for one in kept:
            changed(files.setdefault(name, bytearray()), one)
    return files


def _torn(chance, step):
    what, name, offset, data = step
    sectors = -(-len(data) // SECTOR)
    return what, name, offset, data[: chance.randrange(sectors + 1) * SECTOR]

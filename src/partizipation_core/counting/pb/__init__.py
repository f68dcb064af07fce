"""The ``.pb`` files of Pabulib: text in, election out, and back."""

from partizipation_core.counting.pb.reader import parse_pb, parse_pb_bytes
from partizipation_core.counting.pb.writer import format_pb

__all__ = ["format_pb", "parse_pb", "parse_pb_bytes"]

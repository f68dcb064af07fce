"""Discussion: supports, ratings, comments, moderation and feedback."""

from partizipation_core.kernel.discussion import comment, feedback, moderation, rating, support

__all__ = ["DECIDERS"]

DECIDERS = (
    *support.DECIDERS,
    *rating.DECIDERS,
    *comment.DECIDERS,
    *moderation.DECIDERS,
    *feedback.DECIDERS,
)

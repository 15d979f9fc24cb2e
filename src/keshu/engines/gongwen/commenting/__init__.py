"""Review comments (批注) written into an existing Word file at the words they speak of."""

from keshu.engines.gongwen.commenting.comments import Commented, Remark, comment_document

__all__ = ["Commented", "Remark", "comment_document"]

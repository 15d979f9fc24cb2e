"""The block model as a .docx file in the layout of GB/T 9704-2012."""

from keshu.engines.gongwen.writing.package import write_document

__all__ = ["write_document"]

"""Letter in, verdict out: which rights, in which language, how sure, and by which words. Pure."""

from mailbot.classify.model import MODEL, classify, load

__all__ = ["MODEL", "classify", "load"]

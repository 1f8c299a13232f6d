"""Letter in, verdict out: which rights, in which language, how sure, and by which words. Pure."""

from mailbot.classify.model import classify, load, model_version

__all__ = ["classify", "load", "model_version"]

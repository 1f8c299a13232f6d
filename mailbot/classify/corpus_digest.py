"""Says whether the model was learnt from the corpus that lies beside it."""

import hashlib
from pathlib import Path

FOLDER = Path(__file__).parent / "corpus"


def corpus_digest(folder: Path = FOLDER) -> str:
    """SHA-256 over names and bytes of all corpus files, in order of names. Raises OSError."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.jsonl")):
        content = path.read_bytes()
        digest.update(f"{path.name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()

"""What the model says of itself, without loading it: the first line of the artefact."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

ARTEFACT = Path(__file__).parent / "classify" / "model.bin"


@lru_cache(maxsize=1)
def model_facts() -> dict[str, Any]:
    """Version, SHA-256 of the corpus, and scores on letters held out (0 to 1), as the
    heartbeat of the bot carries them. Raises OSError, ValueError when the file is damaged.
    """
    with ARTEFACT.open("rb") as stream:
        header = json.loads(stream.readline())
    scores = {name: header["scores"][name] for name in ("micro_f1", "missed", "strangers")}
    return {"version": header["version"], "corpus": header["corpus"], **scores}

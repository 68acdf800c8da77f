"""Content of ours as the one text that is hashed and compared."""

import json


def canonical(content: object) -> str:
    """JSON with sorted keys and no space, so that it can be hashed."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

"""The files that pages load: our CSS, our one script, the mark. Their names carry their content's hash."""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from domain.frozen import dataclass

_HERE = Path(__file__).parent / "static"
_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
_BUNDLE = "handschlag.css"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is served: `name` holds its hash, so browsers may keep it for ever."""

    name: str
    media_type: str
    content: bytes


def load() -> Mapping[str, Asset]:
    """Every asset by the plain name that templates use; the style sheets are one file, in the order of their names."""
    sheets = sorted(_HERE.glob("*.css"))
    plain = {_BUNDLE: b"\n".join(sheet.read_bytes() for sheet in sheets)}
    plain |= {path.name: path.read_bytes() for path in sorted(_HERE.glob("*.*")) if path.suffix in {".js", ".svg"}}
    return MappingProxyType({name: _asset(name, content) for name, content in plain.items()})


def _asset(name: str, content: bytes) -> Asset:
    stem, dot, suffix = name.rpartition(".")
    return Asset(f"{stem}.{sha256(content).hexdigest()[:12]}{dot}{suffix}", _TYPES[f".{suffix}"], content)


ASSETS = load()
"""By plain name."""

SERVED = MappingProxyType({asset.name: asset for asset in ASSETS.values()})
"""By the name with its hash."""


def url(name: str) -> str:
    """Where a page finds the asset with this plain name."""
    return f"/static/{ASSETS[name].name}"

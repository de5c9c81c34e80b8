"""What a link to the page looks like elsewhere: our name, sentence and icon in place of Gradio's."""

from __future__ import annotations

import re
from html import escape

from starlette.requests import Request
from starlette.types import Scope

from headshot.language import tr

_THEIRS = re.compile(rb'<meta\s+(?:property|name)="(?:og|twitter):[^>]*>\s*')
_SENTENCE = "One photo in, a headshot out, and proof that it is still you."


def with_our_preview(page: bytes, scope: Scope) -> bytes:
    """The page's HTML with our preview for who shares its address; `scope` of the request tells the address."""
    address = str(Request(scope).base_url)
    tags = {
        "og:type": "website",
        "og:title": "Headshot",
        "og:url": address,
        "og:description": tr(_SENTENCE),
        "og:image": f"{address}pwa_icon/512",
        "twitter:card": "summary",
    }
    ours = "".join(f'<meta property="{name}" content="{escape(text)}">' for name, text in tags.items())
    ours += f'<meta name="description" content="{escape(tr(_SENTENCE))}">'
    return _THEIRS.sub(b"", page).replace(b"</head>", ours.encode() + b"</head>", 1)

"""What a modal needs only once it is open."""

from __future__ import annotations

import re

from django import template
from django.utils.safestring import SafeString

register = template.Library()
_PICTURE = re.compile(r'<div class="fr-radio-rich__img".*?</div>', re.DOTALL)


@register.simple_block_tag
def rdv_when_opened(content: str) -> SafeString:
    """Keep the pictures of the modal inside from loading with the page (static/js/app.js)."""
    return SafeString(_PICTURE.sub(r"<template>\g<0></template>", content))

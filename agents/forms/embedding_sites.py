from __future__ import annotations

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from agents.rules.hosts import MOST_HOSTS, HostError, HostFault, hosts_of
from rdv.common.forms import DsfrForm

FAULTS = {
    HostFault.SCHEME: _("« %(site)s » : écrivez le nom du site, sans « https:// »."),
    HostFault.PATH: _(
        "« %(site)s » : écrivez le nom du site seul, sans page, sans port et sans espace."
    ),
    HostFault.WILDCARD: _(
        "« %(site)s » : l’étoile ne remplace que ce qui précède le nom de votre site. "
        "Exemple : *.ville.fr"
    ),
    HostFault.ADDRESS: _("« %(site)s » : ce n’est pas le nom d’un site public."),
    HostFault.NAME: _("« %(site)s » : ce nom de site n’est pas valide. Exemple : www.ville.fr"),
}
SHOWN = 80


class HostsField(forms.CharField):
    """One host a line; cleans to a list of ASCII hosts."""

    def __init__(self, **kwargs: object) -> None:
        kwargs.setdefault("widget", forms.Textarea({"rows": 6, "spellcheck": "false"}))
        super().__init__(max_length=20_000, **kwargs)  # type: ignore[arg-type]

    def clean(self, value: object) -> list[str]:
        try:
            found = hosts_of(super().clean(value), allows_local=settings.EMBEDDING_ALLOWS_LOCAL)
        except HostError as error:
            raise ValidationError(FAULTS[error.fault] % {"site": error.typed[:SHOWN]}) from error
        if len(found) > MOST_HOSTS:
            raise ValidationError(_("%(most)s sites au plus.") % {"most": MOST_HOSTS})
        return found


class EmbeddingSitesForm(DsfrForm):
    embedding_domains = HostsField(
        label=_("Sites autorisés, un par ligne"),
        help_text=_(
            "Le nom seul, sans « https:// ». Exemple : www.ville.fr. "
            "« *.ville.fr » autorise tous les sites de ville.fr. 50 sites au plus."
        ),
        required=False,
    )

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MotifsConfig(AppConfig):
    name = "motifs"
    verbose_name = _("motifs")

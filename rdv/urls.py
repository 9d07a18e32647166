"""Mounts each app's URLs; nothing else."""

from django.urls import include, path

from agents.admin import site
from rdv import views

urlpatterns = [
    path("", views.home, name="home"),
    path("langue/", views.language, name="language"),
    path("administration-technique/", views.technical_home, name="technical_home"),
    path("administration-technique/marques/", site.urls),
    path("", include("rdv.login.urls")),
    path("", include("agents.urls")),
    path("", include("motifs.urls")),
    path("", include("usagers.urls")),
    path("", include("planning.urls")),
    path("", include("notifications.urls")),
]
handler400 = "rdv.views.bad_request"
handler403 = "rdv.views.forbidden"
handler404 = "rdv.views.not_found"
handler500 = "rdv.views.server_error"

"""URLs of agents."""

from django.urls import path

from agents.views.home import home
from agents.views.organisation_edit import organisation_edit
from agents.views.organisation_list import organisation_list
from agents.views.preferences import preferences
from agents.views.profile import profile

app_name = "agents"
urlpatterns = [
    path("agents/", home, name="home"),
    path("vos-organisations/", organisation_list, name="organisation_list"),
    path(
        "organisations/<uuid:organisation_uuid>/parametres/",
        organisation_edit,
        name="organisation_edit",
    ),
    path("mon-compte/", profile, name="profile"),
    path("mon-compte/notifications/", preferences, name="preferences"),
]

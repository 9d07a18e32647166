"""URLs of planning."""

from django.urls import path

from planning.views.agenda import agenda, agenda_of_colleague
from planning.views.agenda_feed import agenda_feed
from planning.views.rdv_cancel import rdv_cancel
from planning.views.rdv_detail import rdv_detail

app_name = "planning"
urlpatterns = [
    path("organisations/<uuid:organisation_uuid>/agenda/", agenda, name="agenda"),
    path(
        "organisations/<uuid:organisation_uuid>/agenda/<uuid:agent_uuid>/",
        agenda_of_colleague,
        name="agenda_of",
    ),
    path(
        "organisations/<uuid:organisation_uuid>/agenda/<uuid:agent_uuid>/evenements/",
        agenda_feed,
        name="agenda_feed",
    ),
    path("rdv/<uuid:rdv_uuid>/", rdv_detail, name="rdv_detail"),
    path("rdv/<uuid:rdv_uuid>/annuler/", rdv_cancel, name="rdv_cancel"),
]

"""URLs of notifications."""

from django.urls import path

from notifications.views.mail_events import mail_events
from notifications.views.message_detail import message_detail
from notifications.views.message_list import message_list
from notifications.views.message_part import message_part
from notifications.views.sms_report import sms_report

app_name = "notifications"
urlpatterns = [
    path("fournisseurs/courriels/<slug:provider>/suivi/", mail_events, name="mail_events"),
    path(
        "fournisseurs/sms/<slug:gateway>/<uuid:message_uuid>/<str:signature>/",
        sms_report,
        name="sms_report",
    ),
    path("boite-d-envoi/", message_list, name="message_list"),
    path("boite-d-envoi/<uuid:message_uuid>/", message_detail, name="message_detail"),
    path("boite-d-envoi/<uuid:message_uuid>/<str:part>", message_part, name="message_part"),
]

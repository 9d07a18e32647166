"""URLs of notifications."""

from django.urls import path

from notifications.views.message_detail import message_detail
from notifications.views.message_list import message_list
from notifications.views.message_part import message_part

app_name = "notifications"
urlpatterns = [
    path("boite-d-envoi/", message_list, name="message_list"),
    path("boite-d-envoi/<uuid:message_uuid>/", message_detail, name="message_detail"),
    path("boite-d-envoi/<uuid:message_uuid>/<str:part>", message_part, name="message_part"),
]

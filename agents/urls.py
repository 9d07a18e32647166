"""URLs of agents."""

from django.urls import path

from agents.views.home import home

app_name = "agents"
urlpatterns = [
    path("agents/", home, name="home"),
]

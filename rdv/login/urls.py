"""Sign-in pages: allauth's views, mounted one by one under the names that it reverses."""

from django.urls import path

from rdv.login import views

urlpatterns = [
    path("agents/connexion/", views.agent_login, name="account_login"),
    path("deconnexion/", views.sign_out, name="account_logout"),
]

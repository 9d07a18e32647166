"""Sign-in pages: allauth's views, mounted one by one under the names that it reverses."""

from django.urls import path, re_path

from rdv.login import franceconnect, views

urlpatterns = [
    path("agents/connexion/", views.agent_login, name="account_login"),
    path("connexion/mot-de-passe/", views.usager_login, name="account_usager_login"),
    path("administration-technique/connexion/", views.superadmin_login, name="superadmin_login"),
    path("deconnexion/", views.sign_out, name="account_logout"),
    path("franceconnect/connexion/", franceconnect.franceconnect_login, name="franceconnect_login"),
    path(
        "franceconnect/retour/",
        franceconnect.franceconnect_callback,
        name="franceconnect_callback",
    ),
    path("franceconnect/quitter/", franceconnect.franceconnect_leave, name="franceconnect_leave"),
    path(
        "franceconnect/deconnecte/",
        franceconnect.franceconnect_signed_out,
        name="franceconnect_signed_out",
    ),
    path("mon-compte/mot-de-passe/", views.change_password, name="account_change_password"),
    path("agents/mot-de-passe/oublie/", views.reset_password, name="account_reset_password"),
    path(
        "agents/mot-de-passe/envoye/",
        views.reset_password_done,
        name="account_reset_password_done",
    ),
    re_path(
        r"^agents/mot-de-passe/cle/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.reset_password_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "agents/mot-de-passe/change/",
        views.reset_password_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]

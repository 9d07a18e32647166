"""Sign-in pages: allauth's views, mounted one by one under the names that it reverses."""

from django.urls import path, re_path

from rdv.login import devices, franceconnect, mfa_views, proconnect, views

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
    path("proconnect/connexion/", proconnect.proconnect_login, name="proconnect_login"),
    path("proconnect/retour/", proconnect.proconnect_callback, name="proconnect_callback"),
    path("proconnect/deconnecte/", proconnect.proconnect_signed_out, name="proconnect_signed_out"),
    path("mon-compte/proconnect/delier/", proconnect.proconnect_unlink, name="proconnect_unlink"),
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
    path("agents/connexion/code/", mfa_views.second_step, name="mfa_authenticate"),
    path("agents/connexion/cle/", mfa_views.passkey_login, name="mfa_login_webauthn"),
    path("mon-compte/double-authentification/", mfa_views.overview, name="mfa_index"),
    path(
        "mon-compte/double-authentification/application/",
        mfa_views.application,
        name="mfa_activate_totp",
    ),
    path(
        "mon-compte/double-authentification/application/retirer/",
        mfa_views.application_remove,
        name="mfa_deactivate_totp",
    ),
    path(
        "mon-compte/double-authentification/codes/",
        mfa_views.view_codes,
        name="mfa_view_recovery_codes",
    ),
    path(
        "mon-compte/double-authentification/codes/telecharger/",
        mfa_views.download_codes,
        name="mfa_download_recovery_codes",
    ),
    path(
        "mon-compte/double-authentification/codes/nouveaux/",
        mfa_views.renew_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "mon-compte/double-authentification/cles/ajouter/",
        mfa_views.passkey,
        name="mfa_add_webauthn",
    ),
    path(
        "mon-compte/double-authentification/cles/<int:pk>/nom/",
        mfa_views.passkey_edit,
        name="mfa_edit_webauthn",
    ),
    path(
        "mon-compte/double-authentification/cles/<int:pk>/retirer/",
        mfa_views.passkey_remove,
        name="mfa_remove_webauthn",
    ),
    path("mon-compte/confirmer/", mfa_views.password_again, name="account_reauthenticate"),
    path("mon-compte/confirmer/code/", mfa_views.code_again, name="mfa_reauthenticate"),
    path("mon-compte/confirmer/cle/", mfa_views.passkey_again, name="mfa_reauthenticate_webauthn"),
    path("mon-compte/appareils/", devices.devices, name="account_devices"),
    path(
        "mon-compte/appareils/deconnecter-les-autres/",
        devices.end_others,
        name="account_devices_end_others",
    ),
    path(
        "mon-compte/appareils/<uuid:session_uuid>/deconnecter/",
        devices.end_one,
        name="account_device_end",
    ),
]

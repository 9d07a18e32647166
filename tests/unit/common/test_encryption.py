"""C05, I01: secrets of the territoires at rest."""

import pytest
from cryptography.fernet import Fernet

from agents.models import Territoire
from rdv.common.encryption import Secret, UnreadableSecretError, reveal

FIRST, SECOND = Fernet.generate_key().decode(), Fernet.generate_key().decode()


def test_C05_sealed_and_opened(settings):
    settings.FIELD_ENCRYPTION_KEYS = [FIRST]
    secret = Secret.seal("clé-très-secrète")
    assert reveal(secret) == "clé-très-secrète"
    assert reveal("") == ""
    assert secret != Secret.seal("clé-très-secrète")  # salted: two alike do not show
    territoire = Territoire(sms_credentials=secret)
    shown = f"{secret} {secret!r} {[secret]} {vars(territoire)}"
    assert "clé-très" not in shown
    assert secret.token not in shown


def test_C05_keys_are_rotated(settings):
    settings.FIELD_ENCRYPTION_KEYS = [FIRST]
    old = Secret.seal("clé")
    settings.FIELD_ENCRYPTION_KEYS = [SECOND, FIRST]
    new = old.resealed()
    assert (old.reveal(), new.reveal()) == ("clé", "clé")
    settings.FIELD_ENCRYPTION_KEYS = [SECOND]
    assert new.reveal() == "clé"
    with pytest.raises(UnreadableSecretError):
        old.reveal()
    with pytest.raises(UnreadableSecretError):
        old.resealed()


def test_C05_without_a_key_it_follows_from_the_secret_key(settings):
    settings.FIELD_ENCRYPTION_KEYS = []
    secret = Secret.seal("clé")
    assert secret.reveal() == "clé"
    settings.SECRET_KEY = "another"
    with pytest.raises(UnreadableSecretError):
        secret.reveal()


def test_C05_a_plain_text_is_never_stored():
    field = Territoire._meta.get_field("sms_credentials")
    with pytest.raises(TypeError):
        field.get_prep_value("clé en clair")

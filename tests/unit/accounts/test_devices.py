"""What a browser says of itself, in words for « Appareils connectés »."""

import pytest

from rdv.accounts.sessions import device_of

CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME}", "Chrome sur Windows"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Edg/141.0", "Edge sur Windows"),
        (f"Mozilla/5.0 (Linux; Android 16) {CHROME}", "Chrome sur Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 15) Version/18 Safari/605", "Safari sur macOS"),
        ("Mozilla/5.0 (iPad; CPU OS 18 like Mac OS X) FxiOS/140.0", "Firefox sur iPad"),
        ("curl/8.0", "Appareil inconnu"),
        ("", "Appareil inconnu"),
        ("Linux", "Linux"),
    ],
)
def test_a_device_has_a_name(user_agent, device):
    assert device_of(user_agent) == device

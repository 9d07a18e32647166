import pytest


@pytest.fixture
def rdv(cast):
    """The cast's RDV, of `owner` and `usager`, with names that nothing else holds."""
    cast.usager.first_name, cast.usager.last_name = "Ximena", "Quetzal"
    cast.usager.address = "7 impasse des Wallabys"
    cast.usager.email, cast.usager.phone_number = "ximena@exemple.fr", "+33611223344"
    cast.usager.save()
    cast.motif.name = "Violences intrafamiliales"
    cast.motif.save()
    return cast.rdv

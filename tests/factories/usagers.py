from __future__ import annotations

from typing import Any

import factory
from factory.django import DjangoModelFactory

from rdv.accounts.models import Account, Kind
from tests.factories.agents import TerritoireFactory
from usagers.models import Rattachement, Usager


class UsagerFactory(DjangoModelFactory):
    """`UsagerFactory(with_account=True, organisations=[org])`."""

    class Meta:
        model = Usager
        skip_postgeneration_save = True

    class Params:
        with_account = False

    territoire = factory.SubFactory(TerritoireFactory)
    first_name = factory.Sequence(lambda n: f"Léa{n}")
    last_name = factory.Sequence(lambda n: f"Martin{n}")
    email = factory.Sequence(lambda n: f"lea{n}@exemple.fr")
    phone_number = "+33612345678"
    account = factory.LazyAttribute(
        lambda o: (
            Account.objects.create_account(kind=Kind.USAGER, email=o.email)
            if o.with_account
            else None
        )
    )

    @factory.post_generation
    def organisations(self: Any, create: bool, extracted: Any, **kwargs: Any) -> None:
        for organisation in extracted or ():
            Rattachement.objects.create(usager=self, organisation=organisation)

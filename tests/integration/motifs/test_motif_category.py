"""G05: the categories of motifs of a territoire."""

from __future__ import annotations

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from agents.models import AuditEntry
from agents.services.territoire_lock import TerritoireRefused
from motifs.models import MotifCategory
from motifs.services.motif_category_edit import (
    MotifCategoryRefused,
    create_category,
    delete_category,
)
from tests.factories import MotifCategoryFactory
from tests.factories.planning import NOW


@pytest.fixture
def admin(client, cast):
    cast.sign_in(client, "territoire_admin")
    return client


@pytest.fixture
def list_url(cast):
    return reverse("motifs:motif_category_list", args=[cast.territoire.uuid])


def test_G05_create_rename_delete(admin, cast, list_url, django_assert_max_num_queries):
    assertRedirects(admin.post(list_url, {"name": "Papiers <b>"}), list_url)
    category = MotifCategory.objects.get()
    assert category.territoire == cast.territoire
    cast.motif.category = category
    cast.motif.save()
    MotifCategoryFactory(territoire=cast.territoire)
    with django_assert_max_num_queries(9):
        assertContains(admin.get(list_url), "Papiers &lt;b&gt;")
    args = [cast.territoire.uuid, category.pk]
    edit = reverse("motifs:motif_category_edit", args=args)
    assertRedirects(admin.post(edit, {"name": "Identité 🪪"}), list_url)
    delete = reverse("motifs:motif_category_delete", args=args)
    assertContains(admin.get(delete), "1 motif continue sans catégorie")
    assertRedirects(admin.post(delete), list_url)
    cast.motif.refresh_from_db()
    assert cast.motif.category is None
    actions = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
    assert [action.rpartition("_")[2] for action in actions] == ["created", "renamed", "deleted"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "Papiers"])
def test_G05_bad_names_come_back(admin, cast, list_url, name):
    MotifCategoryFactory(territoire=cast.territoire, name="Papiers")
    response = admin.post(list_url, {"name": name})
    assert response.status_code == 422
    assert response.context["form"]["name"].value() == name


def test_decision_12_those_of_another_territoire_are_not_there(admin, cast):
    theirs = MotifCategoryFactory()
    for name in ("motif_category_edit", "motif_category_delete"):
        url = reverse(f"motifs:{name}", args=[cast.territoire.uuid, theirs.pk])
        assert admin.post(url, {"name": "À moi"}).status_code == 404
    actor = cast.actor("admin")
    with pytest.raises(TerritoireRefused):
        create_category(territoire_id=cast.territoire.pk, name="A", actor=actor, now=NOW)
    with pytest.raises(MotifCategoryRefused):
        delete_category(category_id=theirs.pk, actor=cast.actor("territoire_admin"), now=NOW)

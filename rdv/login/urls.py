"""Sign-in pages."""

urlpatterns: list = []

"""URLs of motifs."""

app_name = "motifs"
urlpatterns: list = []

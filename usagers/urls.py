"""URLs of usagers."""

app_name = "usagers"
urlpatterns: list = []

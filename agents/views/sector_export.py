from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from django.http import FileResponse
from django.views.decorators.http import require_safe
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from agents.permissions import Permission
from agents.queries.sector_list import zones_of_territoire
from agents.views.territoire_page import territoire_page

if TYPE_CHECKING:
    from uuid import UUID

    from rdv.common.http import Request

HEADER = ("sector_name", "sector_id", "city_code", "city_name", "street_name", "street_code")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def sector_export(request: Request, territoire_uuid: UUID) -> FileResponse:
    """Return every zone, in the columns that an import reads."""
    territoire = territoire_page(request, territoire_uuid, Permission.TERRITOIRE_EDIT)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("secteurs")
    sheet.append(HEADER)
    for zone in zones_of_territoire(territoire).iterator(chunk_size=2_000):
        values = (
            zone.sector.name,
            zone.sector.human_id,
            zone.city_code,
            zone.city_name,
            zone.street_name,
            zone.street_code,
        )
        cells = [WriteOnlyCell(sheet, value) for value in values]
        for cell in cells:
            cell.data_type = "s"  # never a formula, whatever it begins with
        sheet.append(cells)
    content = BytesIO()
    book.save(content)
    content.seek(0)
    return FileResponse(content, as_attachment=True, filename="secteurs.xlsx", content_type=XLSX)

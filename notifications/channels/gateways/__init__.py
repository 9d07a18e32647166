"""SMS gateways, by the name that a territoire or the settings give them."""

from notifications.channels.gateways.base import Gateway
from notifications.channels.gateways.brevo import BrevoGateway
from notifications.channels.gateways.local import ConsoleGateway, FileGateway
from notifications.channels.gateways.smsmode import SmsmodeGateway

GATEWAYS: dict[str, Gateway] = {
    gateway.name: gateway
    for gateway in (ConsoleGateway(), FileGateway(), BrevoGateway(), SmsmodeGateway())
}

__all__ = ["GATEWAYS"]

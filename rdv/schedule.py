"""Every periodic task of the product, in one table. Seconds, or a time of the night."""

from celery.schedules import crontab

BEAT = {
    "sweep_outbox": {"task": "sweep_outbox", "schedule": 60.0},
    "purge_booking_drafts": {"task": "purge_booking_drafts", "schedule": 3600.0},
    "purge_contact_codes": {"task": "purge_contact_codes", "schedule": 3600.0},
    "purge_pending_identities": {"task": "purge_pending_identities", "schedule": 3600.0},
    "purge_slot_holds": {"task": "purge_slot_holds", "schedule": 3600.0},
    "offer_waiting_list": {"task": "offer_waiting_list", "schedule": 600.0},
    "expire_waiting_offers": {"task": "expire_waiting_offers", "schedule": 60.0},
    "purge_waiting_list": {"task": "purge_waiting_list", "schedule": 21600.0},
    "purge_planning": {"task": "purge_planning", "schedule": 21600.0},
    "purge_prescripteurs": {"task": "purge_prescripteurs", "schedule": 21600.0},
    "run_retention": {"task": "run_retention", "schedule": 21600.0},
    "purge_rdv_drafts": {"task": "purge_rdv_drafts", "schedule": 3600.0},
    "sweep_rdv_bulks": {"task": "sweep_rdv_bulks", "schedule": 60.0},
    "send_due_reminders": {"task": "send_due_reminders", "schedule": 60.0},
    "sweep_reminders": {"task": "sweep_reminders", "schedule": 3600.0},
    "sweep_exports": {"task": "sweep_exports", "schedule": 60.0},
    "purge_exports": {"task": "purge_exports", "schedule": 300.0},
    "sweep_usager_imports": {"task": "sweep_usager_imports", "schedule": 60.0},
    "purge_usager_imports": {"task": "purge_usager_imports", "schedule": 3600.0},
    "purge_rdv_bulks": {"task": "purge_rdv_bulks", "schedule": 21600.0},
    "refresh_stats": {"task": "refresh_stats", "schedule": 300.0},
    "check_stats": {"task": "check_stats", "schedule": crontab(hour="3", minute="20")},
}

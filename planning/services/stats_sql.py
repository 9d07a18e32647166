"""The statements that count: what one day of an organisation holds, and what a month does.

`FRESH_RDVS` is the one definition of the figures; refreshing and checking both use it. Its relation
`asked` names the days: organisation, day, and the instants at which the day begins and ends.
OFFSET 0 keeps a day's rows a question of their own, answered by one short look at an index: the
planner cannot know how short a day is, and would read everybody's RDVs instead.
"""

# ruff: noqa: S608 - the pieces put together are constants of this file
from __future__ import annotations

# A delay beyond is as good as infinite, and fits its column.
LONGEST_DELAY_DAYS = 3000

# The days of a list of (organisation, day).
ASKED_DAYS = """
asked AS (
    SELECT o.id AS organisation_id, g.day, t.timezone,
           g.day::timestamp AT TIME ZONE t.timezone AS begins,
           (g.day + 1)::timestamp AT TIME ZONE t.timezone AS ends
      FROM unnest(%(organisations)s::bigint[], %(days)s::date[]) AS g(organisation_id, day)
      JOIN agents_organisation o ON o.id = g.organisation_id
      JOIN agents_territoire t ON t.id = o.territoire_id
)"""

FRESH_RDVS = f"""
facts AS (
    SELECT a.organisation_id, a.day, r.id, r.motif_id, r.lieu_id, r.status,
           LEAST(GREATEST(a.day - (r.created_at AT TIME ZONE a.timezone)::date, 0),
                 {LONGEST_DELAY_DAYS})::smallint AS delay,
           CASE WHEN EXISTS (SELECT FROM planning_waitinglistoffer w
                              WHERE w.rdv_id = r.id AND w.outcome = 'accepted')
                THEN 'waiting_list'
                ELSE COALESCE(p.origin, 'agent') END AS origin,
           COALESCE(p.persons, 0) AS persons,
           COALESCE(p.seen, 0) AS persons_seen,
           COALESCE(p.noshow, 0) AS persons_noshow
      FROM asked a
     CROSS JOIN LATERAL (
           SELECT d.* FROM planning_rdv d WHERE d.organisation_id = a.organisation_id
              AND d.starts_at >= a.begins AND d.starts_at < a.ends AND d.hidden_at IS NULL
           OFFSET 0) r
      LEFT JOIN LATERAL (
           SELECT count(*) FILTER (WHERE q.status IN ('unknown', 'seen', 'noshow')) AS persons,
                  count(*) FILTER (WHERE q.status = 'seen') AS seen,
                  count(*) FILTER (WHERE q.status = 'noshow') AS noshow,
                  (array_agg(CASE WHEN q.prescripteur_id IS NOT NULL THEN 'prescripteur'
                                  WHEN q.created_by_usager_id IS NOT NULL THEN 'internet'
                                  ELSE 'agent' END ORDER BY q.id))[1] AS origin
             FROM planning_participation q WHERE q.rdv_id = r.id) p ON true
), fresh AS (
    SELECT f.organisation_id, who.agent_id, false AS is_month, f.day, f.motif_id, f.lieu_id,
           f.origin::varchar(12) AS origin,
           (count(*) FILTER (WHERE f.status = 'unknown'))::integer AS unknown,
           (count(*) FILTER (WHERE f.status = 'seen'))::integer AS seen,
           (count(*) FILTER (WHERE f.status = 'noshow'))::integer AS noshow,
           (count(*) FILTER (WHERE f.status = 'excused'))::integer AS excused,
           (count(*) FILTER (WHERE f.status = 'revoked'))::integer AS revoked,
           sum(f.persons)::integer AS persons,
           sum(f.persons_seen)::integer AS persons_seen,
           sum(f.persons_noshow)::integer AS persons_noshow,
           array_agg(f.delay ORDER BY f.delay) AS delays
      FROM facts f
     CROSS JOIN LATERAL (
           SELECT NULL::bigint AS agent_id
            UNION ALL
           SELECT g.agent_id FROM planning_agentrdv g WHERE g.rdv_id = f.id) who
     GROUP BY f.organisation_id, who.agent_id, f.day, f.motif_id, f.lieu_id, f.origin
)"""

COLUMNS = """organisation_id, agent_id, is_month, day, motif_id, lieu_id, origin,
       unknown, seen, noshow, excused, revoked, persons, persons_seen, persons_noshow, delays"""

FORGET_RDVS = """
DELETE FROM planning_statrdv s
 USING unnest(%(organisations)s::bigint[], %(days)s::date[]) AS g(organisation_id, day)
 WHERE s.organisation_id = g.organisation_id AND s.day = g.day AND NOT s.is_month"""

COUNT_RDVS = f"""
WITH {ASKED_DAYS}, {FRESH_RDVS}
INSERT INTO planning_statrdv ({COLUMNS}) SELECT {COLUMNS} FROM fresh"""

FORGET_RDV_MONTHS = """
DELETE FROM planning_statrdv s
 USING unnest(%(organisations)s::bigint[], %(months)s::date[]) AS g(organisation_id, month)
 WHERE s.organisation_id = g.organisation_id AND s.day = g.month AND s.is_month"""

# Lists of delays become one list by way of text: PostgreSQL has no aggregate that joins arrays.
COUNT_RDV_MONTHS = f"""
INSERT INTO planning_statrdv ({COLUMNS})
SELECT s.organisation_id, s.agent_id, true, g.month, s.motif_id, s.lieu_id, s.origin,
       sum(s.unknown), sum(s.seen), sum(s.noshow), sum(s.excused), sum(s.revoked),
       sum(s.persons), sum(s.persons_seen), sum(s.persons_noshow),
       string_to_array(string_agg(array_to_string(s.delays, ','), ','), ',')::smallint[]
  FROM unnest(%(organisations)s::bigint[], %(months)s::date[]) AS g(organisation_id, month)
  JOIN planning_statrdv s ON s.organisation_id = g.organisation_id AND NOT s.is_month
       AND s.day >= g.month AND s.day < (g.month + interval '1 month')::date
 GROUP BY s.organisation_id, s.agent_id, g.month, s.motif_id, s.lieu_id, s.origin"""

FRESH_MESSAGES = """
fresh AS (
    SELECT a.organisation_id, false AS is_month, a.day, m.channel,
           (CASE m.state WHEN 'sending' THEN 'pending' WHEN 'queued' THEN 'pending'
                         ELSE m.state END)::varchar(10) AS result,
           count(*)::integer AS messages
      FROM asked a
     CROSS JOIN LATERAL (
           SELECT d.channel, d.state FROM notifications_outboxmessage d
            WHERE d.organisation_id = a.organisation_id AND d.grouped_in_id IS NULL
              AND d.created_at >= a.begins AND d.created_at < a.ends
           OFFSET 0) m
     GROUP BY 1, 3, 4, 5
)"""

FORGET_MESSAGES = FORGET_RDVS.replace("planning_statrdv", "planning_statmessage")

COUNT_MESSAGES = f"""
WITH {ASKED_DAYS}, {FRESH_MESSAGES}
INSERT INTO planning_statmessage (organisation_id, is_month, day, channel, result, messages)
SELECT organisation_id, is_month, day, channel, result, messages FROM fresh"""

FORGET_MESSAGE_MONTHS = FORGET_RDV_MONTHS.replace("planning_statrdv", "planning_statmessage")

COUNT_MESSAGE_MONTHS = """
INSERT INTO planning_statmessage (organisation_id, is_month, day, channel, result, messages)
SELECT s.organisation_id, true, g.month, s.channel, s.result, sum(s.messages)
  FROM unnest(%(organisations)s::bigint[], %(months)s::date[]) AS g(organisation_id, month)
  JOIN planning_statmessage s ON s.organisation_id = g.organisation_id AND NOT s.is_month
       AND s.day >= g.month AND s.day < (g.month + interval '1 month')::date
 GROUP BY 1, 3, 4, 5"""

# What the queue asks for, taken out of it: the days of the RDVs as they stand at this instant. A
# RDV that moves right after is in the queue again, by both of its days.
TAKE_CHANGES = """
WITH gone AS (
    DELETE FROM planning_statchange WHERE id IN (
        SELECT id FROM planning_statchange
         WHERE instant IS NOT NULL OR rdv_key IS NOT NULL ORDER BY id LIMIT %(most)s)
    RETURNING kind, rdv_key, organisation_key, instant
), named AS (
    SELECT g.kind, g.organisation_key, g.instant FROM gone g WHERE g.rdv_key IS NULL
     UNION ALL
    SELECT 'rdv', r.organisation_id, r.starts_at
      FROM gone g JOIN planning_rdv r ON r.id = g.rdv_key
)
SELECT n.kind, o.id, (n.instant AT TIME ZONE t.timezone)::date
  FROM named n
  JOIN agents_organisation o ON o.id = n.organisation_key
  JOIN agents_territoire t ON t.id = o.territoire_id
 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"""

TAKE_WHOLE = """
DELETE FROM planning_statchange WHERE rdv_key IS NULL AND instant IS NULL
   AND (kind, organisation_key) = (
       SELECT kind, organisation_key FROM planning_statchange
        WHERE rdv_key IS NULL AND instant IS NULL ORDER BY id LIMIT 1)
RETURNING kind, organisation_key"""

# Every day that an organisation has, or had when it was last counted.
ALL_DAYS = {
    "rdv": """
SELECT DISTINCT (r.starts_at AT TIME ZONE t.timezone)::date AS day
  FROM planning_rdv r JOIN agents_organisation o ON o.id = r.organisation_id
  JOIN agents_territoire t ON t.id = o.territoire_id WHERE o.id = %(organisation)s
 UNION SELECT day FROM planning_statrdv WHERE organisation_id = %(organisation)s ORDER BY day""",
    "message": """
SELECT DISTINCT (m.created_at AT TIME ZONE t.timezone)::date AS day
  FROM notifications_outboxmessage m JOIN agents_organisation o ON o.id = m.organisation_id
  JOIN agents_territoire t ON t.id = o.territoire_id WHERE o.id = %(organisation)s
 UNION SELECT day FROM planning_statmessage
        WHERE organisation_id = %(organisation)s ORDER BY day""",
}

# In one statement, hence in one picture of the tables: the days whose counts are not what they
# should be and that nobody waits to recount.
_DIFFERENT = """
SELECT DISTINCT d.day FROM (
    (SELECT {columns} FROM fresh EXCEPT SELECT {columns} FROM stored)
     UNION ALL
    (SELECT {columns} FROM stored EXCEPT SELECT {columns} FROM fresh)) d
  JOIN asked a ON a.day = d.day
 WHERE NOT EXISTS (
    SELECT FROM planning_statchange c LEFT JOIN planning_rdv r ON r.id = c.rdv_key
     WHERE c.kind = '{kind}' AND COALESCE(r.organisation_id, c.organisation_key) = a.organisation_id
       AND (COALESCE(r.starts_at, c.instant) IS NULL
            OR COALESCE(r.starts_at, c.instant) >= a.begins
               AND COALESCE(r.starts_at, c.instant) < a.ends))
 ORDER BY d.day"""

_STORED = """
stored AS (SELECT s.* FROM {table} s JOIN asked a
           ON a.organisation_id = s.organisation_id AND a.day = s.day WHERE NOT s.is_month)"""

MESSAGE_COLUMNS = "organisation_id, is_month, day, channel, result, messages"
DRIFTED_DAYS = {
    "rdv": f"WITH {ASKED_DAYS}, {FRESH_RDVS}, {_STORED.format(table='planning_statrdv')}"
    + _DIFFERENT.format(columns=COLUMNS, kind="rdv"),
    "message": f"WITH {ASKED_DAYS}, {FRESH_MESSAGES}, "
    + _STORED.format(table="planning_statmessage")
    + _DIFFERENT.format(columns=MESSAGE_COLUMNS, kind="message"),
}

# Months whose rows are not the sum of their days.
_MONTHS = """
SELECT DISTINCT month FROM (
    SELECT date_trunc('month', day)::date AS month, {keys}
      FROM {table} WHERE organisation_id = %(organisation)s
     GROUP BY 1, {keys} HAVING {sums}) off ORDER BY month"""


def _months(table: str, keys: str, counts: tuple[str, ...]) -> str:
    sums = " OR ".join(f"sum(CASE WHEN is_month THEN -{c} ELSE {c} END) <> 0" for c in counts)
    return _MONTHS.format(table=table, keys=keys, sums=sums)


DRIFTED_MONTHS = {
    "rdv": _months(
        "planning_statrdv",
        "agent_id, motif_id, lieu_id, origin",
        (
            "unknown",
            "seen",
            "noshow",
            "excused",
            "revoked",
            "persons",
            "persons_seen",
            "persons_noshow",
            "cardinality(delays)",
        ),
    ),
    "message": _months("planning_statmessage", "channel, result", ("messages",)),
}

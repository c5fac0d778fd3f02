-- A year of case work over a generated population; benchmarks/case_load.py runs it and gives the values.

SET session_replication_role = replica;
CREATE FUNCTION pg_temp.key(kind text, number bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS
  $$ SELECT ('01900000-0000-7000-' || kind || '000-' || lpad(to_hex(number), 12, '0'))::uuid $$;
CREATE TEMP TABLE place AS SELECT row_number() OVER (ORDER BY code) - 1 AS n, id, region_id FROM institutions_institution;
CREATE TEMP TABLE person AS
  SELECT row_number() OVER (ORDER BY id) - 1 AS n, id FROM institutions_practitioner WHERE NOT is_provisional
  ORDER BY id LIMIT 200000;
CREATE TEMP TABLE scale AS SELECT (SELECT count(*) FROM place) AS places, (SELECT count(*) FROM person) AS people;
CREATE UNIQUE INDEX ON place (n); CREATE UNIQUE INDEX ON person (n); ANALYZE place; ANALYZE person;
CREATE TEMP TABLE made AS
  SELECT g.n, timestamptz '2025-01-02 02:00+00' + g.n * (interval '360 days' / %(cases)s) AS at, p.id AS place, p.region_id,
    CASE WHEN g.n %% 200 = 0 THEN 'none'
         WHEN g.n <= %(cases)s * %(effective)s THEN 'effective' WHEN g.n <= %(cases)s * %(decided)s THEN 'decided'
         WHEN g.n <= %(cases)s * %(due)s THEN 'due' WHEN g.n <= %(cases)s * %(intent_served)s THEN 'intent_served'
         WHEN g.n <= %(cases)s * %(proposed)s THEN 'proposed' WHEN g.n <= %(cases)s * %(draft)s THEN 'draft'
         ELSE 'none' END AS stage,
    (ARRAY['flying_inspection', 'smart_supervision', 'traceability', 'big_data', 'tip_off', 'self_check'])[1 + g.n %% 6] AS source,
    (ARRAY['A1', 'A2', 'B1', 'B2', 'C1', 'C2', 'D1'])[1 + g.n %% 7] AS clause
  FROM generate_series(1, %(cases)s) AS g (n) JOIN scale ON true JOIN place p ON p.n = (g.n * 7919::bigint) %% places;
CREATE TEMP TABLE held AS
  SELECT made.*, 2 * made.n + k AS number, person.id AS person, 1 + (made.n + k) %% 12 AS points, (made.at + interval '20 days')::date AS served
  FROM made JOIN scale ON true CROSS JOIN generate_series(0, 1) AS k JOIN person ON person.n = ((2 * made.n + k) * 37::bigint) %% people
  WHERE stage <> 'none';

-- Cases, each with its basis, a finding and a piece of evidence.
INSERT INTO cases_basis (id, institution_id, kind, document, authority, decided_on, articles, is_withdrawn, annulled_reason)
  SELECT pg_temp.key('a', n), place, 'administrative_penalty', '虚拟医保罚〔2025〕' || n || '号', '虚拟医疗保障局', at::date - 5, '{38,40}', false, '' FROM made;
INSERT INTO cases_casefile (id, number, region_id, source, institution_id, basis_id, amount, conduct_scope, content_digest, withdrawn_reason, opened_at, attributed_at)
  SELECT pg_temp.key('b', n), '虚拟医保案〔2025〕' || n, region_id, source, place, pg_temp.key('a', n), 1000 + n, pg_temp.key('b', n), '', '', at,
    CASE WHEN stage <> 'none' THEN at + interval '1 day' END FROM made;
INSERT INTO cases_finding (case_id, key, conduct, title, amount, from_on, to_on)
  SELECT pg_temp.key('b', n), 'f1', 'c1', '虚拟违规事实', 1000, '2025-01-01', '2025-01-31' FROM made;
INSERT INTO cases_evidence (id, case_id, key, title, file, file_name, sha256, size, content_type, added_at)
  SELECT pg_temp.key('8', n), pg_temp.key('b', n), 'e1', '虚拟证据', encode(sha256(n::text::bytea), 'hex'), 'e1.pdf', encode(sha256(n::text::bytea), 'hex'), 10, 'application/pdf', at FROM made;

-- What is in effect: entries, measures, consequences.
INSERT INTO scoring_pointsentry (id, practitioner_id, kind, points, single_points, year, effective_on, scored_on, articles,
    lines, rulebook_id, institution_id, case_reference, source_key, reason, recorded_at, previous, digest)
  SELECT pg_temp.key('9', number), person, 'award', points, points, 2025, served, served, '{}',
    jsonb_build_array(jsonb_build_object('clause', clause, 'points', points, 'conduct', 'c1', 'dropped', NULL)),
    (SELECT id FROM scoring_rulebookversion WHERE rulebook = 'national' ORDER BY version LIMIT 1), place,
    '虚拟医保案〔2025〕' || n, 'attribution:' || pg_temp.key('c', number), '', served, 'bench-' || number, ''
  FROM held WHERE stage = 'effective' AND served <= '2025-12-31';
INSERT INTO scoring_measure (id, practitioner_id, entry_id, kind, tier, year, valid, recorded, months_imposed, termination_end)
  SELECT pg_temp.key('d', number), person, pg_temp.key('9', number), 'suspend', 'ladder', 2025,
    daterange(served + 1, served + 180), tstzrange(served, NULL), 6, 'application'
  FROM held WHERE stage = 'effective' AND points BETWEEN 9 AND 11;
INSERT INTO scoring_consequence (id, practitioner_id, entry_id, kind, target, detail, caused_at)
  SELECT pg_temp.key('e', number), person, pg_temp.key('9', number), 'entry', pg_temp.key('9', number)::text, '{}', served
  FROM held WHERE stage = 'effective';

-- Two persons a case, in every state; statements and appeals.
INSERT INTO cases_attribution (id, case_id, practitioner_id, state, countersign_reason, proposed_by_id, proposed_at, "window",
    intent_served_on, statement_deadline_on, deadline_provisional, decision, decision_reasons, decided_at, decided_by_id,
    served_on, service_proof, effective_at, entry_id, set_aside_reason)
  SELECT pg_temp.key('c', number), pg_temp.key('b', n), person, CASE stage WHEN 'due' THEN 'intent_served' ELSE stage END, '',
    CASE WHEN stage <> 'draft' THEN %(first)s END, CASE WHEN stage <> 'draft' THEN at + interval '1 day' END,
    CASE WHEN stage IN ('draft', 'proposed') THEN 0 ELSE 1 END,
    CASE WHEN stage NOT IN ('draft', 'proposed') THEN at::date + 2 END,
    CASE stage WHEN 'draft' THEN NULL WHEN 'proposed' THEN NULL WHEN 'intent_served' THEN date '2026-01-08' ELSE at::date + 9 END,
    false, CASE WHEN stage IN ('decided', 'effective') THEN 'decided' ELSE '' END,
    CASE WHEN stage IN ('decided', 'effective') THEN '事实清楚' ELSE '' END,
    CASE WHEN stage IN ('decided', 'effective') THEN at + interval '15 days' END,
    CASE WHEN stage IN ('decided', 'effective') THEN %(second)s END,
    CASE WHEN stage = 'effective' THEN served END, CASE WHEN stage = 'effective' THEN '回执' ELSE '' END,
    CASE WHEN stage = 'effective' THEN served::timestamptz END, CASE WHEN stage = 'effective' THEN pg_temp.key('9', number) END, ''
  FROM held;
INSERT INTO cases_attributionline (attribution_id, finding_id, clause, degree, points, amount, reasoning, factors)
  SELECT pg_temp.key('c', number), f.id, clause, 'general', points, 500, '虚拟理由虚拟理由虚拟理由虚拟理由虚拟理由', '{}'
  FROM held JOIN cases_finding f ON f.case_id = pg_temp.key('b', held.n);
INSERT INTO cases_statement (attribution_id, "window", text, received_at, answer, answered_at, answered_by_id)
  SELECT pg_temp.key('c', number), 1, '当日不在岗', at + interval '4 days',
    CASE WHEN stage IN ('due', 'intent_served') THEN '' ELSE '已核查' END,
    CASE WHEN stage NOT IN ('due', 'intent_served') THEN at + interval '6 days' END,
    CASE WHEN stage NOT IN ('due', 'intent_served') THEN %(second)s END
  FROM held WHERE stage NOT IN ('draft', 'proposed') AND number %% 9 = 0;
INSERT INTO cases_appeal (id, receipt, attribution_id, level, state, grounds, filed_at, filed_on, is_late, late_reason, stays,
    clock_from_on, decide_days_left, silence_days_left, decision_due_on, silence_until_on, due_provisional, accepted_at,
    accepted_by_id, outcome, outcome_reasons, points_before, points_after, decided_at, decided_by_id, assigned_to_id, assigned_at)
  SELECT pg_temp.key('f', number), 'SS2025-' || number, pg_temp.key('c', number), 1,
    CASE WHEN served > '2025-11-20' THEN 'filed' ELSE 'decided' END, '当日不在岗', served + interval '5 days', served + 5, false, '', false,
    served + 5, 30, 60, served + 45, served + 90, false,
    CASE WHEN served <= '2025-11-20' THEN served + interval '8 days' END, CASE WHEN served <= '2025-11-20' THEN %(third)s END,
    CASE WHEN served > '2025-11-20' THEN '' WHEN number %% 3 = 0 THEN 'overturned' ELSE 'upheld' END,
    CASE WHEN served > '2025-11-20' THEN '' ELSE '经查属实' END,
    CASE WHEN served <= '2025-11-20' THEN points END,
    CASE WHEN served > '2025-11-20' THEN NULL WHEN number %% 3 = 0 THEN 0 ELSE points END,
    CASE WHEN served <= '2025-11-20' THEN served + interval '30 days' END, CASE WHEN served <= '2025-11-20' THEN %(third)s END,
    CASE WHEN served <= '2025-11-20' THEN %(third)s END, CASE WHEN served <= '2025-11-20' THEN served + interval '6 days' END
  FROM held WHERE stage = 'effective' AND number %% 31 = 0;

-- What the office has around it.
INSERT INTO institutions_notice (id, number, kind, mandatory, institution_id, recipient_key, cause, payload, created_at, is_pilot,
    read_at, read_by_id, acknowledged_at, acknowledged_by_id, region_id)
  SELECT pg_temp.key('a', number + 500000), 'JF2025-1' || lpad(number::text, 7, '0'), 'decision', true, place, 'institution:' || place, 'bench:' || number,
    '{}', served, false, CASE WHEN number %% 40 > 0 THEN served END, CASE WHEN number %% 40 > 0 THEN %(first)s END,
    CASE WHEN number %% 40 > 0 THEN served END, CASE WHEN number %% 40 > 0 THEN %(first)s END, region_id
  FROM held WHERE stage = 'effective';
INSERT INTO institutions_delivery (notice_id, channel, state, attempts, next_attempt_at, sent_at, error)
  SELECT pg_temp.key('a', number + 500000), 'email', CASE WHEN number %% 100 = 0 THEN 'dead' ELSE 'sent' END, 1, NULL,
    CASE WHEN number %% 100 > 0 THEN served END, CASE WHEN number %% 100 = 0 THEN 'refused' ELSE '' END
  FROM held WHERE stage = 'effective';
INSERT INTO institutions_jobrun (name, for_date, outcome, counts, error, started_at, duration_ms)
  SELECT (ARRAY['cases.make_due_attributions_effective', 'scoring.publish_scorecards', 'institutions.deliver_notices'])[1 + n %% 3],
    date '2025-01-01' + n / 400, CASE WHEN n %% 5000 = 0 THEN 'failed' ELSE 'done' END, '{}', '', timestamptz '2025-01-01' + n * interval '5 minutes', 20
  FROM generate_series(1, %(cases)s) AS n;
INSERT INTO institutions_auditevent (action, subject_type, subject_id, region_code, by_id, at, reason, detail)
  SELECT 'attribution.decided', 'cases.attribution', pg_temp.key('c', number)::text, region_id, %(first)s, served, '', '{}'
  FROM held, generate_series(1, 4);
INSERT INTO institutions_recordaccess (practitioner_id, door, "on", at, role, region_prefix, by_id)
  SELECT DISTINCT ON (person, served) person, 'case', served, served, 'inspector', left(region_id, 2), %(first)s FROM held;
INSERT INTO institutions_practitioner (id, slug, name, category, pinyin, initials, is_provisional, provisional_institution_id, created_at, profile_changed_at)
  SELECT pg_temp.key('b', n + 900000), 'prov' || translate(lpad(n::text, 12, '0'), '0189', 'abcd'), '虚某' || n, 'physician', 'xumou', 'xm', true, place, at, at FROM made WHERE n %% 100 = 1;
INSERT INTO cases_repairapplication (id, receipt, practitioner_id, institution_id, state, activity, clause, year, description, took_place_from, took_place_to, started_at, submitted_at, outcome, outcome_reasons)
  SELECT pg_temp.key('c', number + 900000), 'XF2025-' || number, person, place, 'submitted', 'volunteer', '', 2025, '社区宣传', served, served, served, served, '', ''
  FROM held WHERE stage = 'effective' AND number %% 50 = 0;
INSERT INTO institutions_workclaim (queue, subject_id, reference, region_code, holder_id, claimed_at, lapses_at, "end", end_reason)
  SELECT 'cases', pg_temp.key('b', n)::text, '虚拟医保案〔2025〕' || n, region_id, %(first)s, timestamptz '2025-12-30', timestamptz '2026-01-06', '', ''
  FROM made WHERE stage IN ('none', 'draft') AND n %% 3 = 0;

SET session_replication_role = DEFAULT;

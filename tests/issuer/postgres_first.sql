-- The first shape of a register in PostgreSQL (issuer/migrations/README.md). Never made anew.
CREATE TABLE person (
	id SERIAL NOT NULL,
	employee_id VARCHAR NOT NULL,
	name_km VARCHAR NOT NULL,
	name_la VARCHAR NOT NULL,
	date_of_birth DATE NOT NULL,
	ministry INTEGER NOT NULL,
	position_code INTEGER,
	position_text VARCHAR,
	grade INTEGER NOT NULL,
	agency VARCHAR NOT NULL,
	employment_status VARCHAR NOT NULL,
	photo_sha256 BYTEA,
	created_at BIGINT NOT NULL,
	salt BYTEA,
	CONSTRAINT pk_person PRIMARY KEY (id),
	CONSTRAINT ck_person_one_position CHECK ((position_code IS NULL) <> (position_text IS NULL)),
	CONSTRAINT uq_person_employee_id UNIQUE (employee_id)
);
CREATE TABLE signing_key (
	kid VARCHAR NOT NULL,
	kind VARCHAR NOT NULL,
	vct VARCHAR NOT NULL,
	public_jwk VARCHAR NOT NULL,
	not_before BIGINT NOT NULL,
	issue_until BIGINT NOT NULL,
	not_after BIGINT NOT NULL,
	CONSTRAINT pk_signing_key PRIMARY KEY (kid),
	CONSTRAINT ck_signing_key_kind CHECK (kind IN ('live', 'sd-jwt', 'seal', 'status-cwt')),
	CONSTRAINT ck_signing_key_window CHECK (not_before < issue_until AND issue_until <= not_after),
	CONSTRAINT uq_signing_key_public_jwk UNIQUE (public_jwk)
);
CREATE TABLE code (
	kind VARCHAR NOT NULL,
	code INTEGER NOT NULL,
	km VARCHAR NOT NULL,
	en VARCHAR NOT NULL,
	CONSTRAINT pk_code PRIMARY KEY (kind, code),
	CONSTRAINT ck_code_kind CHECK (kind IN ('grades', 'ministries', 'positions'))
);
CREATE TABLE purpose (
	name VARCHAR NOT NULL,
	permitted BOOLEAN NOT NULL,
	km VARCHAR NOT NULL,
	en VARCHAR NOT NULL,
	CONSTRAINT pk_purpose PRIMARY KEY (name)
);
CREATE TABLE relying_party (
	number SERIAL NOT NULL,
	km VARCHAR NOT NULL,
	en VARCHAR NOT NULL,
	purposes VARCHAR NOT NULL,
	claims VARCHAR NOT NULL,
	CONSTRAINT pk_relying_party PRIMARY KEY (number)
);
CREATE TABLE audit (
	seq SERIAL NOT NULL,
	at BIGINT NOT NULL,
	entry VARCHAR NOT NULL,
	sha256 BYTEA NOT NULL,
	CONSTRAINT pk_audit PRIMARY KEY (seq)
);
CREATE TABLE publication (
	version SERIAL NOT NULL,
	at BIGINT NOT NULL,
	CONSTRAINT pk_publication PRIMARY KEY (version)
);
CREATE TABLE stolen_key (
	kid VARCHAR NOT NULL,
	at BIGINT NOT NULL,
	CONSTRAINT pk_stolen_key PRIMARY KEY (kid),
	CONSTRAINT fk_stolen_key_kid FOREIGN KEY(kid) REFERENCES signing_key (kid)
);
CREATE TABLE published_key (
	kid VARCHAR NOT NULL,
	at BIGINT NOT NULL,
	CONSTRAINT pk_published_key PRIMARY KEY (kid),
	CONSTRAINT fk_published_key_kid FOREIGN KEY(kid) REFERENCES signing_key (kid)
);
CREATE TABLE status_list (
	id SERIAL NOT NULL,
	name VARCHAR NOT NULL,
	uri VARCHAR NOT NULL,
	kind VARCHAR NOT NULL,
	kid VARCHAR NOT NULL,
	sequence INTEGER NOT NULL,
	CONSTRAINT pk_status_list PRIMARY KEY (id),
	CONSTRAINT ck_status_list_kind CHECK (kind IN ('live', 'sd-jwt', 'seal')),
	CONSTRAINT uq_status_list_name UNIQUE (name),
	CONSTRAINT uq_status_list_uri UNIQUE (uri),
	CONSTRAINT fk_status_list_kid FOREIGN KEY(kid) REFERENCES signing_key (kid)
);
CREATE TABLE written_publication (
	version INTEGER NOT NULL,
	at BIGINT NOT NULL,
	CONSTRAINT pk_written_publication PRIMARY KEY (version),
	CONSTRAINT fk_written_publication_version FOREIGN KEY(version) REFERENCES publication (version)
);
CREATE TABLE template (
	number SERIAL NOT NULL,
	kid VARCHAR NOT NULL,
	list_id INTEGER NOT NULL,
	document VARCHAR NOT NULL,
	CONSTRAINT pk_template PRIMARY KEY (number),
	CONSTRAINT fk_template_kid FOREIGN KEY(kid) REFERENCES signing_key (kid),
	CONSTRAINT fk_template_list_id FOREIGN KEY(list_id) REFERENCES status_list (id)
);
CREATE TABLE published_list (
	list_id INTEGER NOT NULL,
	sequence INTEGER NOT NULL,
	form VARCHAR NOT NULL,
	kid VARCHAR NOT NULL,
	token BYTEA NOT NULL,
	issued_at BIGINT NOT NULL,
	expires_at BIGINT NOT NULL,
	CONSTRAINT pk_published_list PRIMARY KEY (list_id, sequence),
	CONSTRAINT ck_published_list_form CHECK (form IN ('cwt', 'delta', 'jwt')),
	CONSTRAINT fk_published_list_list_id FOREIGN KEY(list_id) REFERENCES status_list (id),
	CONSTRAINT fk_published_list_kid FOREIGN KEY(kid) REFERENCES signing_key (kid)
);
CREATE TABLE card (
	id SERIAL NOT NULL,
	person_id INTEGER NOT NULL,
	state VARCHAR NOT NULL,
	number VARCHAR,
	valid_from DATE,
	valid_until DATE,
	seal BYTEA,
	seal_template INTEGER,
	replaces_id INTEGER,
	created_at BIGINT NOT NULL,
	changed_at BIGINT NOT NULL,
	CONSTRAINT pk_card PRIMARY KEY (id),
	CONSTRAINT ck_card_state CHECK (state IN ('active', 'applied', 'approved', 'expired', 'in_batch', 'lost', 'printed', 'rejected', 'replaced', 'retired', 'revoked', 'suspended')),
	CONSTRAINT ck_card_numbered CHECK ((state IN ('applied', 'rejected')) = (number IS NULL)),
	CONSTRAINT ck_card_sealed CHECK ((number IS NULL) = (seal IS NULL) AND (seal IS NULL) = (seal_template IS NULL)),
	CONSTRAINT ck_card_dated CHECK ((number IS NULL) = (valid_from IS NULL) AND (number IS NULL) = (valid_until IS NULL)),
	CONSTRAINT fk_card_person_id FOREIGN KEY(person_id) REFERENCES person (id),
	CONSTRAINT uq_card_number UNIQUE (number),
	CONSTRAINT fk_card_seal_template FOREIGN KEY(seal_template) REFERENCES template (number),
	CONSTRAINT uq_card_replaces_id UNIQUE (replaces_id),
	CONSTRAINT fk_card_replaces_id FOREIGN KEY(replaces_id) REFERENCES card (id)
);
CREATE INDEX ix_card_person_id ON card (person_id);
CREATE UNIQUE INDEX uq_card_living ON card (person_id) WHERE NOT (state IN ('expired', 'rejected', 'replaced', 'retired', 'revoked'));
CREATE INDEX ix_card_state ON card (state);
CREATE TABLE wallet (
	id SERIAL NOT NULL,
	card_id INTEGER NOT NULL,
	created_at BIGINT NOT NULL,
	ended_at BIGINT,
	CONSTRAINT pk_wallet PRIMARY KEY (id),
	CONSTRAINT fk_wallet_card_id FOREIGN KEY(card_id) REFERENCES card (id)
);
CREATE INDEX ix_wallet_card_id ON wallet (card_id);
CREATE UNIQUE INDEX uq_wallet_living ON wallet (card_id) WHERE ended_at IS NULL;
CREATE TABLE offer (
	nonce_sha256 BYTEA NOT NULL,
	card_id INTEGER NOT NULL,
	created_at BIGINT NOT NULL,
	expires_at BIGINT NOT NULL,
	closed_at BIGINT,
	CONSTRAINT pk_offer PRIMARY KEY (nonce_sha256),
	CONSTRAINT fk_offer_card_id FOREIGN KEY(card_id) REFERENCES card (id)
);
CREATE UNIQUE INDEX uq_offer_open ON offer (card_id) WHERE closed_at IS NULL;
CREATE INDEX ix_offer_card_id ON offer (card_id);
CREATE TABLE holder_key (
	thumbprint BYTEA NOT NULL,
	wallet_id INTEGER NOT NULL,
	kind VARCHAR NOT NULL,
	CONSTRAINT pk_holder_key PRIMARY KEY (thumbprint),
	CONSTRAINT ck_holder_key_kind CHECK (kind IN ('live', 'sd-jwt')),
	CONSTRAINT fk_holder_key_wallet_id FOREIGN KEY(wallet_id) REFERENCES wallet (id)
);
CREATE INDEX ix_holder_key_wallet_id ON holder_key (wallet_id);
CREATE TABLE status_index (
	list_id INTEGER NOT NULL,
	idx INTEGER NOT NULL,
	card_id INTEGER,
	wallet_id INTEGER,
	status INTEGER NOT NULL,
	drawn_at BIGINT NOT NULL,
	CONSTRAINT pk_status_index PRIMARY KEY (list_id, idx),
	CONSTRAINT ck_status_index_range CHECK (idx BETWEEN 0 AND 262143),
	CONSTRAINT ck_status_index_status CHECK (status IN (0, 1, 2, 3)),
	CONSTRAINT ck_status_index_owned CHECK (card_id IS NOT NULL OR wallet_id IS NULL),
	CONSTRAINT fk_status_index_list_id FOREIGN KEY(list_id) REFERENCES status_list (id),
	CONSTRAINT fk_status_index_card_id FOREIGN KEY(card_id) REFERENCES card (id),
	CONSTRAINT fk_status_index_wallet_id FOREIGN KEY(wallet_id) REFERENCES wallet (id)
);
CREATE INDEX ix_status_index_wallet_id ON status_index (wallet_id);
CREATE INDEX ix_status_index_card_id ON status_index (card_id);
CREATE INDEX ix_status_index_changed ON status_index (list_id, idx, status) WHERE status <> 0;
CREATE UNIQUE INDEX uq_status_index_seal ON status_index (card_id) WHERE card_id IS NOT NULL AND wallet_id IS NULL;
CREATE TABLE act (
	id SERIAL NOT NULL,
	at BIGINT NOT NULL,
	act VARCHAR NOT NULL,
	card_id INTEGER NOT NULL,
	wallet_id INTEGER,
	content BYTEA,
	CONSTRAINT pk_act PRIMARY KEY (id),
	CONSTRAINT ck_act_act CHECK (act IN ('activate', 'apply', 'approve', 'enrol', 'expire', 'offer', 'order_print', 'print', 'record', 'reinstate', 'reject', 'replace', 'report_lost', 'retire', 'return_print', 'revoke', 'revoke_wallet', 'suspend')),
	CONSTRAINT fk_act_card_id FOREIGN KEY(card_id) REFERENCES card (id),
	CONSTRAINT fk_act_wallet_id FOREIGN KEY(wallet_id) REFERENCES wallet (id)
);
CREATE INDEX ix_act_card_id ON act (card_id);
CREATE FUNCTION card_number_is_valid(number text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog AS $$
DECLARE
    rows constant text := '0317598642709215486342068713591750983426612304597836742095815869720134894536201794386172052581436790';
    interim integer := 0;
BEGIN
    IF number COLLATE "C" !~ '^[0-9]{10}$' THEN
        RETURN false;
    END IF;
    FOR place IN 1..10 LOOP
        interim := substr(rows, 1 + 10 * interim + substr(number, place, 1)::integer, 1)::integer;
    END LOOP;
    RETURN interim = 0;
END $$;
CREATE FUNCTION register_refuse() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = TG_ARGV[0], TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END $$;
CREATE FUNCTION register_turn() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$ BEGIN IF current_setting('transaction_isolation') <> 'read committed' THEN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'the register is written at READ COMMITTED', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; PERFORM pg_advisory_xact_lock_shared(21760771047441753); IF TG_NARGS > 0 THEN PERFORM pg_advisory_xact_lock(21760771047441754); END IF; RETURN NULL; END $$;
CREATE TRIGGER card_step BEFORE UPDATE OF state ON card FOR EACH ROW WHEN (OLD.state <> NEW.state AND NOT (OLD.state || '>' || NEW.state IN ('active>expired', 'active>lost', 'active>replaced', 'active>retired', 'active>revoked', 'active>suspended', 'applied>approved', 'applied>rejected', 'approved>active', 'approved>expired', 'approved>in_batch', 'approved>revoked', 'in_batch>approved', 'in_batch>expired', 'in_batch>printed', 'in_batch>revoked', 'lost>expired', 'lost>replaced', 'lost>retired', 'lost>revoked', 'printed>active', 'printed>expired', 'printed>revoked', 'suspended>active', 'suspended>expired', 'suspended>lost', 'suspended>retired', 'suspended>revoked'))) EXECUTE FUNCTION register_refuse('illegal transition');
CREATE TRIGGER card_birth BEFORE INSERT ON card FOR EACH ROW WHEN (NOT (NEW.state IN ('applied', 'approved')) OR (NEW.state = 'approved') <> (NEW.replaces_id IS NOT NULL)) EXECUTE FUNCTION register_refuse('a card begins as an application or a replacement');
CREATE FUNCTION card_replaces() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN IF NEW.replaces_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM card WHERE id = NEW.replaces_id AND person_id = NEW.person_id AND state = 'replaced') THEN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'a card replaces one of the same person that was replaced', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NEW; END $$;
CREATE TRIGGER card_replaces BEFORE INSERT ON card FOR EACH ROW WHEN (NEW.replaces_id IS NOT NULL) EXECUTE FUNCTION card_replaces();
CREATE TRIGGER card_number_insert BEFORE INSERT ON card FOR EACH ROW WHEN (NOT card_number_is_valid(NEW.number)) EXECUTE FUNCTION register_refuse('this is no card number');
CREATE TRIGGER card_number_update BEFORE UPDATE OF number ON card FOR EACH ROW WHEN (NOT card_number_is_valid(NEW.number)) EXECUTE FUNCTION register_refuse('this is no card number');
CREATE FUNCTION card_status_0() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN UPDATE status_index SET status = 0 WHERE card_id = NEW.id AND status NOT IN (0, 1); RETURN NULL; END $$;
CREATE TRIGGER card_status_0 AFTER UPDATE OF state ON card FOR EACH ROW WHEN (OLD.state <> NEW.state AND NEW.state IN ('active')) EXECUTE FUNCTION card_status_0();
CREATE FUNCTION card_status_1() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN UPDATE status_index SET status = 1 WHERE card_id = NEW.id AND status NOT IN (1); RETURN NULL; END $$;
CREATE TRIGGER card_status_1 AFTER UPDATE OF state ON card FOR EACH ROW WHEN (OLD.state <> NEW.state AND NEW.state IN ('expired', 'lost', 'replaced', 'retired', 'revoked')) EXECUTE FUNCTION card_status_1();
CREATE FUNCTION card_status_2() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN UPDATE status_index SET status = 2 WHERE card_id = NEW.id AND status NOT IN (1, 2); RETURN NULL; END $$;
CREATE TRIGGER card_status_2 AFTER UPDATE OF state ON card FOR EACH ROW WHEN (OLD.state <> NEW.state AND NEW.state IN ('suspended')) EXECUTE FUNCTION card_status_2();
CREATE FUNCTION card_status_3() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN UPDATE status_index SET status = 3 WHERE card_id = NEW.id AND status NOT IN (1, 3); RETURN NULL; END $$;
CREATE TRIGGER card_status_3 AFTER UPDATE OF state ON card FOR EACH ROW WHEN (OLD.state <> NEW.state AND NEW.state IN ('approved', 'in_batch', 'printed')) EXECUTE FUNCTION card_status_3();
CREATE TRIGGER status_index_step BEFORE UPDATE OF status ON status_index FOR EACH ROW WHEN (OLD.status <> NEW.status AND (OLD.status = 1 OR NOT (NEW.status = 1 OR (OLD.status = 3 AND NEW.status = 0) OR (OLD.status = 0 AND NEW.status = 2) OR (OLD.status = 2 AND NEW.status = 0)))) EXECUTE FUNCTION register_refuse('illegal status');
CREATE FUNCTION status_index_insert() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN PERFORM 1 FROM card WHERE id = NEW.card_id FOR SHARE; IF NEW.card_id IS NOT NULL AND NEW.status <> 1 AND NEW.status IS DISTINCT FROM (SELECT CASE state WHEN 'active' THEN 0 WHEN 'approved' THEN 3 WHEN 'expired' THEN 1 WHEN 'in_batch' THEN 3 WHEN 'lost' THEN 1 WHEN 'printed' THEN 3 WHEN 'replaced' THEN 1 WHEN 'retired' THEN 1 WHEN 'revoked' THEN 1 WHEN 'suspended' THEN 2 END FROM card WHERE id = NEW.card_id) THEN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'an index says what its card says', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NEW; END $$;
CREATE TRIGGER status_index_insert BEFORE INSERT ON status_index FOR EACH ROW WHEN (NEW.card_id IS NOT NULL) EXECUTE FUNCTION status_index_insert();
CREATE FUNCTION status_index_update() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN PERFORM 1 FROM card WHERE id = NEW.card_id FOR SHARE; IF NEW.card_id IS NOT NULL AND NEW.status <> 1 AND NEW.status IS DISTINCT FROM (SELECT CASE state WHEN 'active' THEN 0 WHEN 'approved' THEN 3 WHEN 'expired' THEN 1 WHEN 'in_batch' THEN 3 WHEN 'lost' THEN 1 WHEN 'printed' THEN 3 WHEN 'replaced' THEN 1 WHEN 'retired' THEN 1 WHEN 'revoked' THEN 1 WHEN 'suspended' THEN 2 END FROM card WHERE id = NEW.card_id) THEN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'an index says what its card says', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NEW; END $$;
CREATE TRIGGER status_index_update BEFORE UPDATE OF status ON status_index FOR EACH ROW WHEN (NEW.card_id IS NOT NULL) EXECUTE FUNCTION status_index_update();
CREATE FUNCTION status_index_owner() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN IF NEW.card_id IS NOT NULL AND ((NEW.wallet_id IS NULL) <> ((SELECT kind FROM status_list WHERE id = NEW.list_id) = 'seal') OR NEW.wallet_id IS NOT NULL AND (SELECT card_id FROM wallet WHERE id = NEW.wallet_id) IS DISTINCT FROM NEW.card_id) THEN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'an index belongs to a seal or to a wallet of its card', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NEW; END $$;
CREATE TRIGGER status_index_owner BEFORE INSERT ON status_index FOR EACH ROW WHEN (NEW.card_id IS NOT NULL) EXECUTE FUNCTION status_index_owner();
CREATE TRIGGER status_list_sequence BEFORE UPDATE OF sequence ON status_list FOR EACH ROW WHEN (NEW.sequence NOT IN (OLD.sequence, OLD.sequence + 1)) EXECUTE FUNCTION register_refuse('a sequence goes on by one');
CREATE TRIGGER status_list_birth BEFORE INSERT ON status_list FOR EACH ROW WHEN (NEW.sequence <> 0) EXECUTE FUNCTION register_refuse('a list begins at 0');
CREATE FUNCTION status_index_second() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN PERFORM 1 FROM wallet WHERE id = NEW.wallet_id FOR NO KEY UPDATE; IF EXISTS (SELECT 1 FROM status_index WHERE list_id = NEW.list_id AND wallet_id = NEW.wallet_id) THEN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'a wallet has one index in a list', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NEW; END $$;
CREATE TRIGGER status_index_second BEFORE INSERT ON status_index FOR EACH ROW WHEN (NEW.wallet_id IS NOT NULL) EXECUTE FUNCTION status_index_second();
CREATE FUNCTION wallet_status() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN UPDATE status_index SET status = 1 WHERE wallet_id = NEW.id AND status NOT IN (1); RETURN NULL; END $$;
CREATE TRIGGER wallet_status AFTER UPDATE OF ended_at ON wallet FOR EACH ROW WHEN (NEW.ended_at IS NOT NULL) EXECUTE FUNCTION wallet_status();
CREATE FUNCTION wallet_card() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN PERFORM 1 FROM card WHERE id = NEW.card_id FOR SHARE; IF (SELECT state FROM card WHERE id = NEW.card_id) IS DISTINCT FROM 'active' THEN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'only an active card', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NEW; END $$;
CREATE TRIGGER wallet_card BEFORE INSERT ON wallet FOR EACH ROW EXECUTE FUNCTION wallet_card();
CREATE FUNCTION offer_card() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN PERFORM 1 FROM card WHERE id = NEW.card_id FOR SHARE; IF (SELECT state FROM card WHERE id = NEW.card_id) IS DISTINCT FROM 'active' THEN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'only an active card', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NEW; END $$;
CREATE TRIGGER offer_card BEFORE INSERT ON offer FOR EACH ROW EXECUTE FUNCTION offer_card();
CREATE FUNCTION stolen_key_kind() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN IF (SELECT kind FROM signing_key WHERE kid = NEW.kid) IS DISTINCT FROM 'seal' THEN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'no seal key', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NEW; END $$;
CREATE TRIGGER stolen_key_kind BEFORE INSERT ON stolen_key FOR EACH ROW EXECUTE FUNCTION stolen_key_kind();
CREATE FUNCTION card_seal_insert() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN IF EXISTS (SELECT 1 FROM template JOIN stolen_key USING (kid) WHERE number = NEW.seal_template) THEN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'this seal key was stolen', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NEW; END $$;
CREATE TRIGGER card_seal_insert BEFORE INSERT ON card FOR EACH ROW WHEN (NEW.seal_template IS NOT NULL) EXECUTE FUNCTION card_seal_insert();
CREATE FUNCTION card_seal_update() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN IF EXISTS (SELECT 1 FROM template JOIN stolen_key USING (kid) WHERE number = NEW.seal_template) THEN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'this seal key was stolen', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NEW; END $$;
CREATE TRIGGER card_seal_update BEFORE UPDATE OF seal_template ON card FOR EACH ROW WHEN (NEW.seal_template IS NOT NULL) EXECUTE FUNCTION card_seal_update();
CREATE FUNCTION published_list_sequence() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN IF NEW.sequence IS DISTINCT FROM (SELECT sequence FROM status_list WHERE id = NEW.list_id) OR NEW.issued_at >= NEW.expires_at THEN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'a list is published as it stands', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NEW; END $$;
CREATE TRIGGER published_list_sequence BEFORE INSERT ON published_list FOR EACH ROW EXECUTE FUNCTION published_list_sequence();
CREATE FUNCTION publication_version() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN IF NEW.version NOT BETWEEN (SELECT coalesce(max(version), 0) FROM publication) + 1 AND (SELECT coalesce(max(version), 0) FROM publication) + 10001 THEN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'a version follows the last one', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NEW; END $$;
CREATE TRIGGER publication_version BEFORE INSERT ON publication FOR EACH ROW EXECUTE FUNCTION publication_version();
CREATE FUNCTION audit_seq() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN IF NEW.seq <> (SELECT coalesce(max(seq), 0) FROM audit) + 1 THEN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'a link follows the last one', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NEW; END $$;
CREATE TRIGGER audit_seq BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION audit_seq();
CREATE FUNCTION published_key_time() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN IF NEW.at < (SELECT not_before FROM signing_key WHERE kid = NEW.kid) THEN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'there was no such key then', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; END IF; RETURN NEW; END $$;
CREATE TRIGGER published_key_time BEFORE INSERT ON published_key FOR EACH ROW EXECUTE FUNCTION published_key_time();
CREATE TRIGGER act_form_insert BEFORE INSERT ON act FOR EACH ROW WHEN (NOT (NEW.at BETWEEN 0 AND 253402300799 AND NEW.card_id BETWEEN 0 AND 253402300799 AND (NEW.wallet_id IS NULL OR NEW.wallet_id BETWEEN 0 AND 253402300799) AND (NEW.content IS NULL OR octet_length(NEW.content) > 0))) EXECUTE FUNCTION register_refuse('this is no row of the table');
CREATE TRIGGER audit_form_insert BEFORE INSERT ON audit FOR EACH ROW WHEN (NOT (NEW.at BETWEEN 0 AND 253402300799 AND octet_length(NEW.sha256) > 0)) EXECUTE FUNCTION register_refuse('this is no row of the table');
CREATE TRIGGER card_form_insert BEFORE INSERT ON card FOR EACH ROW WHEN (NOT (NEW.person_id BETWEEN 0 AND 253402300799 AND (NEW.valid_from IS NULL OR NEW.valid_from BETWEEN '0001-01-01' AND '9999-12-31') AND (NEW.valid_until IS NULL OR NEW.valid_until BETWEEN '0001-01-01' AND '9999-12-31') AND (NEW.seal IS NULL OR octet_length(NEW.seal) > 0) AND (NEW.seal_template IS NULL OR NEW.seal_template BETWEEN 0 AND 253402300799) AND (NEW.replaces_id IS NULL OR NEW.replaces_id BETWEEN 0 AND 253402300799) AND NEW.created_at BETWEEN 0 AND 253402300799 AND NEW.changed_at BETWEEN 0 AND 253402300799)) EXECUTE FUNCTION register_refuse('this is no row of the table');
CREATE TRIGGER card_form_update BEFORE UPDATE ON card FOR EACH ROW WHEN (NOT (NEW.person_id BETWEEN 0 AND 253402300799 AND (NEW.valid_from IS NULL OR NEW.valid_from BETWEEN '0001-01-01' AND '9999-12-31') AND (NEW.valid_until IS NULL OR NEW.valid_until BETWEEN '0001-01-01' AND '9999-12-31') AND (NEW.seal IS NULL OR octet_length(NEW.seal) > 0) AND (NEW.seal_template IS NULL OR NEW.seal_template BETWEEN 0 AND 253402300799) AND (NEW.replaces_id IS NULL OR NEW.replaces_id BETWEEN 0 AND 253402300799) AND NEW.created_at BETWEEN 0 AND 253402300799 AND NEW.changed_at BETWEEN 0 AND 253402300799)) EXECUTE FUNCTION register_refuse('this is no row of the table');
CREATE TRIGGER code_form_insert BEFORE INSERT ON code FOR EACH ROW WHEN (NOT (NEW.code BETWEEN 0 AND 253402300799 AND NEW.code <= 65534 AND length(NEW.km) BETWEEN 1 AND 200 AND length(NEW.en) BETWEEN 1 AND 200)) EXECUTE FUNCTION register_refuse('this is no row of the table');
CREATE TRIGGER holder_key_form_insert BEFORE INSERT ON holder_key FOR EACH ROW WHEN (NOT (octet_length(NEW.thumbprint) > 0 AND NEW.wallet_id BETWEEN 0 AND 253402300799)) EXECUTE FUNCTION register_refuse('this is no row of the table');
CREATE TRIGGER offer_form_insert BEFORE INSERT ON offer FOR EACH ROW WHEN (NOT (octet_length(NEW.nonce_sha256) > 0 AND NEW.card_id BETWEEN 0 AND 253402300799 AND NEW.created_at BETWEEN 0 AND 253402300799 AND NEW.expires_at BETWEEN 0 AND 253402300799 AND (NEW.closed_at IS NULL OR NEW.closed_at BETWEEN 0 AND 253402300799))) EXECUTE FUNCTION register_refuse('this is no row of the table');
CREATE TRIGGER offer_form_update BEFORE UPDATE ON offer FOR EACH ROW WHEN (NOT (octet_length(NEW.nonce_sha256) > 0 AND NEW.card_id BETWEEN 0 AND 253402300799 AND NEW.created_at BETWEEN 0 AND 253402300799 AND NEW.expires_at BETWEEN 0 AND 253402300799 AND (NEW.closed_at IS NULL OR NEW.closed_at BETWEEN 0 AND 253402300799))) EXECUTE FUNCTION register_refuse('this is no row of the table');
CREATE TRIGGER person_form_insert BEFORE INSERT ON person FOR EACH ROW WHEN (NOT (NEW.date_of_birth BETWEEN '0001-01-01' AND '9999-12-31' AND NEW.ministry BETWEEN 0 AND 253402300799 AND (NEW.position_code IS NULL OR NEW.position_code BETWEEN 0 AND 253402300799) AND NEW.grade BETWEEN 0 AND 253402300799 AND (NEW.photo_sha256 IS NULL OR octet_length(NEW.photo_sha256) > 0) AND NEW.created_at BETWEEN 0 AND 253402300799 AND (NEW.salt IS NULL OR octet_length(NEW.salt) > 0))) EXECUTE FUNCTION register_refuse('this is no row of the table');
CREATE TRIGGER person_form_update BEFORE UPDATE ON person FOR EACH ROW WHEN (NOT (NEW.date_of_birth BETWEEN '0001-01-01' AND '9999-12-31' AND NEW.ministry BETWEEN 0 AND 253402300799 AND (NEW.position_code IS NULL OR NEW.position_code BETWEEN 0 AND 253402300799) AND NEW.grade BETWEEN 0 AND 253402300799 AND (NEW.photo_sha256 IS NULL OR octet_length(NEW.photo_sha256) > 0) AND NEW.created_at BETWEEN 0 AND 253402300799 AND (NEW.salt IS NULL OR octet_length(NEW.salt) > 0))) EXECUTE FUNCTION register_refuse('this is no row of the table');
CREATE TRIGGER publication_form_insert BEFORE INSERT ON publication FOR EACH ROW WHEN (NOT (NEW.at BETWEEN 0 AND 253402300799)) EXECUTE FUNCTION register_refuse('this is no row of the table');
CREATE TRIGGER published_key_form_insert BEFORE INSERT ON published_key FOR EACH ROW WHEN (NOT (NEW.at BETWEEN 0 AND 253402300799)) EXECUTE FUNCTION register_refuse('this is no row of the table');
CREATE TRIGGER published_list_form_insert BEFORE INSERT ON published_list FOR EACH ROW WHEN (NOT (NEW.list_id BETWEEN 0 AND 253402300799 AND NEW.sequence BETWEEN 0 AND 253402300799 AND octet_length(NEW.token) > 0 AND NEW.issued_at BETWEEN 0 AND 253402300799 AND NEW.expires_at BETWEEN 0 AND 253402300799)) EXECUTE FUNCTION register_refuse('this is no row of the table');
CREATE TRIGGER purpose_form_insert BEFORE INSERT ON purpose FOR EACH ROW WHEN (NOT (NEW.name COLLATE "C" ~ '^[a-z]' AND NEW.name COLLATE "C" !~ '[^a-z0-9_-]' AND length(NEW.name) <= 40 AND length(NEW.km) BETWEEN 1 AND 200 AND length(NEW.en) BETWEEN 1 AND 200)) EXECUTE FUNCTION register_refuse('this is no row of the table');
CREATE TRIGGER purpose_form_update BEFORE UPDATE ON purpose FOR EACH ROW WHEN (NOT (NEW.name COLLATE "C" ~ '^[a-z]' AND NEW.name COLLATE "C" !~ '[^a-z0-9_-]' AND length(NEW.name) <= 40 AND length(NEW.km) BETWEEN 1 AND 200 AND length(NEW.en) BETWEEN 1 AND 200)) EXECUTE FUNCTION register_refuse('this is no row of the table');
CREATE TRIGGER relying_party_form_insert BEFORE INSERT ON relying_party FOR EACH ROW WHEN (NOT (NEW.number BETWEEN 1 AND 65535 AND length(NEW.km) BETWEEN 1 AND 200 AND length(NEW.en) BETWEEN 1 AND 200 AND NEW.purposes COLLATE "C" !~ '[^!-~ ]' AND NEW.claims COLLATE "C" !~ '[^!-~ ]')) EXECUTE FUNCTION register_refuse('this is no row of the table');
CREATE TRIGGER relying_party_form_update BEFORE UPDATE ON relying_party FOR EACH ROW WHEN (NOT (NEW.number BETWEEN 1 AND 65535 AND length(NEW.km) BETWEEN 1 AND 200 AND length(NEW.en) BETWEEN 1 AND 200 AND NEW.purposes COLLATE "C" !~ '[^!-~ ]' AND NEW.claims COLLATE "C" !~ '[^!-~ ]')) EXECUTE FUNCTION register_refuse('this is no row of the table');
CREATE TRIGGER signing_key_form_insert BEFORE INSERT ON signing_key FOR EACH ROW WHEN (NOT (NEW.not_before BETWEEN 0 AND 253402300799 AND NEW.issue_until BETWEEN 0 AND 253402300799 AND NEW.not_after BETWEEN 0 AND 253402300799)) EXECUTE FUNCTION register_refuse('this is no row of the table');
CREATE TRIGGER status_index_form_insert BEFORE INSERT ON status_index FOR EACH ROW WHEN (NOT (NEW.list_id BETWEEN 0 AND 253402300799 AND NEW.idx BETWEEN 0 AND 253402300799 AND (NEW.card_id IS NULL OR NEW.card_id BETWEEN 0 AND 253402300799) AND (NEW.wallet_id IS NULL OR NEW.wallet_id BETWEEN 0 AND 253402300799) AND NEW.status BETWEEN 0 AND 253402300799 AND NEW.drawn_at BETWEEN 0 AND 253402300799)) EXECUTE FUNCTION register_refuse('this is no row of the table');
CREATE TRIGGER status_index_form_update BEFORE UPDATE ON status_index FOR EACH ROW WHEN (NOT (NEW.list_id BETWEEN 0 AND 253402300799 AND NEW.idx BETWEEN 0 AND 253402300799 AND (NEW.card_id IS NULL OR NEW.card_id BETWEEN 0 AND 253402300799) AND (NEW.wallet_id IS NULL OR NEW.wallet_id BETWEEN 0 AND 253402300799) AND NEW.status BETWEEN 0 AND 253402300799 AND NEW.drawn_at BETWEEN 0 AND 253402300799)) EXECUTE FUNCTION register_refuse('this is no row of the table');
CREATE TRIGGER status_list_form_insert BEFORE INSERT ON status_list FOR EACH ROW WHEN (NOT (NEW.sequence BETWEEN 0 AND 253402300799)) EXECUTE FUNCTION register_refuse('this is no row of the table');
CREATE TRIGGER status_list_form_update BEFORE UPDATE ON status_list FOR EACH ROW WHEN (NOT (NEW.sequence BETWEEN 0 AND 253402300799)) EXECUTE FUNCTION register_refuse('this is no row of the table');
CREATE TRIGGER stolen_key_form_insert BEFORE INSERT ON stolen_key FOR EACH ROW WHEN (NOT (NEW.at BETWEEN 0 AND 253402300799)) EXECUTE FUNCTION register_refuse('this is no row of the table');
CREATE TRIGGER template_form_insert BEFORE INSERT ON template FOR EACH ROW WHEN (NOT (NEW.list_id BETWEEN 0 AND 253402300799)) EXECUTE FUNCTION register_refuse('this is no row of the table');
CREATE TRIGGER wallet_form_insert BEFORE INSERT ON wallet FOR EACH ROW WHEN (NOT (NEW.card_id BETWEEN 0 AND 253402300799 AND NEW.created_at BETWEEN 0 AND 253402300799 AND (NEW.ended_at IS NULL OR NEW.ended_at BETWEEN 0 AND 253402300799))) EXECUTE FUNCTION register_refuse('this is no row of the table');
CREATE TRIGGER wallet_form_update BEFORE UPDATE ON wallet FOR EACH ROW WHEN (NOT (NEW.card_id BETWEEN 0 AND 253402300799 AND NEW.created_at BETWEEN 0 AND 253402300799 AND (NEW.ended_at IS NULL OR NEW.ended_at BETWEEN 0 AND 253402300799))) EXECUTE FUNCTION register_refuse('this is no row of the table');
CREATE TRIGGER written_publication_form_insert BEFORE INSERT ON written_publication FOR EACH ROW WHEN (NOT (NEW.version BETWEEN 0 AND 253402300799 AND NEW.at BETWEEN 0 AND 253402300799)) EXECUTE FUNCTION register_refuse('this is no row of the table');
CREATE TRIGGER holder_key_append_only BEFORE UPDATE ON holder_key FOR EACH ROW EXECUTE FUNCTION register_refuse('append only');
CREATE TRIGGER signing_key_append_only BEFORE UPDATE ON signing_key FOR EACH ROW EXECUTE FUNCTION register_refuse('append only');
CREATE TRIGGER stolen_key_append_only BEFORE UPDATE ON stolen_key FOR EACH ROW EXECUTE FUNCTION register_refuse('append only');
CREATE TRIGGER published_key_append_only BEFORE UPDATE ON published_key FOR EACH ROW EXECUTE FUNCTION register_refuse('append only');
CREATE TRIGGER template_append_only BEFORE UPDATE ON template FOR EACH ROW EXECUTE FUNCTION register_refuse('append only');
CREATE TRIGGER code_append_only BEFORE UPDATE ON code FOR EACH ROW EXECUTE FUNCTION register_refuse('append only');
CREATE TRIGGER act_append_only BEFORE UPDATE ON act FOR EACH ROW EXECUTE FUNCTION register_refuse('append only');
CREATE TRIGGER audit_append_only BEFORE UPDATE ON audit FOR EACH ROW EXECUTE FUNCTION register_refuse('append only');
CREATE TRIGGER published_list_append_only BEFORE UPDATE ON published_list FOR EACH ROW EXECUTE FUNCTION register_refuse('append only');
CREATE TRIGGER publication_append_only BEFORE UPDATE ON publication FOR EACH ROW EXECUTE FUNCTION register_refuse('append only');
CREATE TRIGGER written_publication_append_only BEFORE UPDATE ON written_publication FOR EACH ROW EXECUTE FUNCTION register_refuse('append only');
CREATE TRIGGER person_fixed BEFORE UPDATE ON person FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.employee_id IS DISTINCT FROM NEW.employee_id OR OLD.created_at IS DISTINCT FROM NEW.created_at) EXECUTE FUNCTION register_refuse('this never changes');
CREATE TRIGGER card_fixed BEFORE UPDATE ON card FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.person_id IS DISTINCT FROM NEW.person_id OR OLD.replaces_id IS DISTINCT FROM NEW.replaces_id OR OLD.created_at IS DISTINCT FROM NEW.created_at) EXECUTE FUNCTION register_refuse('this never changes');
CREATE TRIGGER wallet_fixed BEFORE UPDATE ON wallet FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.card_id IS DISTINCT FROM NEW.card_id OR OLD.created_at IS DISTINCT FROM NEW.created_at) EXECUTE FUNCTION register_refuse('this never changes');
CREATE TRIGGER offer_fixed BEFORE UPDATE ON offer FOR EACH ROW WHEN (OLD.nonce_sha256 IS DISTINCT FROM NEW.nonce_sha256 OR OLD.card_id IS DISTINCT FROM NEW.card_id OR OLD.created_at IS DISTINCT FROM NEW.created_at OR OLD.expires_at IS DISTINCT FROM NEW.expires_at) EXECUTE FUNCTION register_refuse('this never changes');
CREATE TRIGGER status_list_fixed BEFORE UPDATE ON status_list FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.name IS DISTINCT FROM NEW.name OR OLD.uri IS DISTINCT FROM NEW.uri OR OLD.kind IS DISTINCT FROM NEW.kind OR OLD.kid IS DISTINCT FROM NEW.kid) EXECUTE FUNCTION register_refuse('this never changes');
CREATE TRIGGER status_index_fixed BEFORE UPDATE ON status_index FOR EACH ROW WHEN (OLD.list_id IS DISTINCT FROM NEW.list_id OR OLD.idx IS DISTINCT FROM NEW.idx OR OLD.card_id IS DISTINCT FROM NEW.card_id OR OLD.wallet_id IS DISTINCT FROM NEW.wallet_id OR OLD.drawn_at IS DISTINCT FROM NEW.drawn_at) EXECUTE FUNCTION register_refuse('this never changes');
CREATE TRIGGER card_once BEFORE UPDATE ON card FOR EACH ROW WHEN ((OLD.number IS NOT NULL AND OLD.number IS DISTINCT FROM NEW.number) OR (OLD.valid_from IS NOT NULL AND OLD.valid_from IS DISTINCT FROM NEW.valid_from) OR (OLD.valid_until IS NOT NULL AND OLD.valid_until IS DISTINCT FROM NEW.valid_until) OR (OLD.seal IS NOT NULL AND OLD.seal IS DISTINCT FROM NEW.seal) OR (OLD.seal_template IS NOT NULL AND OLD.seal_template IS DISTINCT FROM NEW.seal_template)) EXECUTE FUNCTION register_refuse('this is set once');
CREATE TRIGGER wallet_once BEFORE UPDATE ON wallet FOR EACH ROW WHEN ((OLD.ended_at IS NOT NULL AND OLD.ended_at IS DISTINCT FROM NEW.ended_at)) EXECUTE FUNCTION register_refuse('this is set once');
CREATE TRIGGER offer_once BEFORE UPDATE ON offer FOR EACH ROW WHEN ((OLD.closed_at IS NOT NULL AND OLD.closed_at IS DISTINCT FROM NEW.closed_at)) EXECUTE FUNCTION register_refuse('this is set once');
CREATE TRIGGER act_kept BEFORE DELETE ON act FOR EACH ROW EXECUTE FUNCTION register_refuse('nothing is deleted');
CREATE TRIGGER audit_kept BEFORE DELETE ON audit FOR EACH ROW EXECUTE FUNCTION register_refuse('nothing is deleted');
CREATE TRIGGER card_kept BEFORE DELETE ON card FOR EACH ROW EXECUTE FUNCTION register_refuse('nothing is deleted');
CREATE TRIGGER code_kept BEFORE DELETE ON code FOR EACH ROW EXECUTE FUNCTION register_refuse('nothing is deleted');
CREATE TRIGGER holder_key_kept BEFORE DELETE ON holder_key FOR EACH ROW EXECUTE FUNCTION register_refuse('nothing is deleted');
CREATE TRIGGER offer_kept BEFORE DELETE ON offer FOR EACH ROW EXECUTE FUNCTION register_refuse('nothing is deleted');
CREATE TRIGGER person_kept BEFORE DELETE ON person FOR EACH ROW EXECUTE FUNCTION register_refuse('nothing is deleted');
CREATE TRIGGER publication_kept BEFORE DELETE ON publication FOR EACH ROW EXECUTE FUNCTION register_refuse('nothing is deleted');
CREATE TRIGGER published_key_kept BEFORE DELETE ON published_key FOR EACH ROW EXECUTE FUNCTION register_refuse('nothing is deleted');
CREATE TRIGGER published_list_kept BEFORE DELETE ON published_list FOR EACH ROW EXECUTE FUNCTION register_refuse('nothing is deleted');
CREATE TRIGGER purpose_kept BEFORE DELETE ON purpose FOR EACH ROW EXECUTE FUNCTION register_refuse('nothing is deleted');
CREATE TRIGGER relying_party_kept BEFORE DELETE ON relying_party FOR EACH ROW EXECUTE FUNCTION register_refuse('nothing is deleted');
CREATE TRIGGER signing_key_kept BEFORE DELETE ON signing_key FOR EACH ROW EXECUTE FUNCTION register_refuse('nothing is deleted');
CREATE TRIGGER status_index_kept BEFORE DELETE ON status_index FOR EACH ROW EXECUTE FUNCTION register_refuse('nothing is deleted');
CREATE TRIGGER status_list_kept BEFORE DELETE ON status_list FOR EACH ROW EXECUTE FUNCTION register_refuse('nothing is deleted');
CREATE TRIGGER stolen_key_kept BEFORE DELETE ON stolen_key FOR EACH ROW EXECUTE FUNCTION register_refuse('nothing is deleted');
CREATE TRIGGER template_kept BEFORE DELETE ON template FOR EACH ROW EXECUTE FUNCTION register_refuse('nothing is deleted');
CREATE TRIGGER wallet_kept BEFORE DELETE ON wallet FOR EACH ROW EXECUTE FUNCTION register_refuse('nothing is deleted');
CREATE TRIGGER written_publication_kept BEFORE DELETE ON written_publication FOR EACH ROW EXECUTE FUNCTION register_refuse('nothing is deleted');
CREATE TRIGGER act_turn BEFORE INSERT OR UPDATE ON act FOR EACH STATEMENT EXECUTE FUNCTION register_turn('in order');
CREATE TRIGGER act_truncate BEFORE TRUNCATE ON act FOR EACH STATEMENT EXECUTE FUNCTION register_refuse('nothing is deleted');
CREATE TRIGGER audit_turn BEFORE INSERT OR UPDATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION register_turn('in order');
CREATE TRIGGER audit_truncate BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION register_refuse('nothing is deleted');
CREATE TRIGGER card_turn BEFORE INSERT OR UPDATE ON card FOR EACH STATEMENT EXECUTE FUNCTION register_turn();
CREATE TRIGGER card_truncate BEFORE TRUNCATE ON card FOR EACH STATEMENT EXECUTE FUNCTION register_refuse('nothing is deleted');
CREATE TRIGGER code_turn BEFORE INSERT OR UPDATE ON code FOR EACH STATEMENT EXECUTE FUNCTION register_turn();
CREATE TRIGGER code_truncate BEFORE TRUNCATE ON code FOR EACH STATEMENT EXECUTE FUNCTION register_refuse('nothing is deleted');
CREATE TRIGGER holder_key_turn BEFORE INSERT OR UPDATE ON holder_key FOR EACH STATEMENT EXECUTE FUNCTION register_turn();
CREATE TRIGGER holder_key_truncate BEFORE TRUNCATE ON holder_key FOR EACH STATEMENT EXECUTE FUNCTION register_refuse('nothing is deleted');
CREATE TRIGGER offer_turn BEFORE INSERT OR UPDATE ON offer FOR EACH STATEMENT EXECUTE FUNCTION register_turn();
CREATE TRIGGER offer_truncate BEFORE TRUNCATE ON offer FOR EACH STATEMENT EXECUTE FUNCTION register_refuse('nothing is deleted');
CREATE TRIGGER person_turn BEFORE INSERT OR UPDATE ON person FOR EACH STATEMENT EXECUTE FUNCTION register_turn();
CREATE TRIGGER person_truncate BEFORE TRUNCATE ON person FOR EACH STATEMENT EXECUTE FUNCTION register_refuse('nothing is deleted');
CREATE TRIGGER publication_turn BEFORE INSERT OR UPDATE ON publication FOR EACH STATEMENT EXECUTE FUNCTION register_turn();
CREATE TRIGGER publication_truncate BEFORE TRUNCATE ON publication FOR EACH STATEMENT EXECUTE FUNCTION register_refuse('nothing is deleted');
CREATE TRIGGER published_key_turn BEFORE INSERT OR UPDATE ON published_key FOR EACH STATEMENT EXECUTE FUNCTION register_turn();
CREATE TRIGGER published_key_truncate BEFORE TRUNCATE ON published_key FOR EACH STATEMENT EXECUTE FUNCTION register_refuse('nothing is deleted');
CREATE TRIGGER published_list_turn BEFORE INSERT OR UPDATE ON published_list FOR EACH STATEMENT EXECUTE FUNCTION register_turn();
CREATE TRIGGER published_list_truncate BEFORE TRUNCATE ON published_list FOR EACH STATEMENT EXECUTE FUNCTION register_refuse('nothing is deleted');
CREATE TRIGGER purpose_turn BEFORE INSERT OR UPDATE ON purpose FOR EACH STATEMENT EXECUTE FUNCTION register_turn();
CREATE TRIGGER purpose_truncate BEFORE TRUNCATE ON purpose FOR EACH STATEMENT EXECUTE FUNCTION register_refuse('nothing is deleted');
CREATE TRIGGER relying_party_turn BEFORE INSERT OR UPDATE ON relying_party FOR EACH STATEMENT EXECUTE FUNCTION register_turn();
CREATE TRIGGER relying_party_truncate BEFORE TRUNCATE ON relying_party FOR EACH STATEMENT EXECUTE FUNCTION register_refuse('nothing is deleted');
CREATE TRIGGER signing_key_turn BEFORE INSERT OR UPDATE ON signing_key FOR EACH STATEMENT EXECUTE FUNCTION register_turn();
CREATE TRIGGER signing_key_truncate BEFORE TRUNCATE ON signing_key FOR EACH STATEMENT EXECUTE FUNCTION register_refuse('nothing is deleted');
CREATE TRIGGER status_index_turn BEFORE INSERT OR UPDATE ON status_index FOR EACH STATEMENT EXECUTE FUNCTION register_turn();
CREATE TRIGGER status_index_truncate BEFORE TRUNCATE ON status_index FOR EACH STATEMENT EXECUTE FUNCTION register_refuse('nothing is deleted');
CREATE TRIGGER status_list_turn BEFORE INSERT OR UPDATE ON status_list FOR EACH STATEMENT EXECUTE FUNCTION register_turn();
CREATE TRIGGER status_list_truncate BEFORE TRUNCATE ON status_list FOR EACH STATEMENT EXECUTE FUNCTION register_refuse('nothing is deleted');
CREATE TRIGGER stolen_key_turn BEFORE INSERT OR UPDATE ON stolen_key FOR EACH STATEMENT EXECUTE FUNCTION register_turn();
CREATE TRIGGER stolen_key_truncate BEFORE TRUNCATE ON stolen_key FOR EACH STATEMENT EXECUTE FUNCTION register_refuse('nothing is deleted');
CREATE TRIGGER template_turn BEFORE INSERT OR UPDATE ON template FOR EACH STATEMENT EXECUTE FUNCTION register_turn();
CREATE TRIGGER template_truncate BEFORE TRUNCATE ON template FOR EACH STATEMENT EXECUTE FUNCTION register_refuse('nothing is deleted');
CREATE TRIGGER wallet_turn BEFORE INSERT OR UPDATE ON wallet FOR EACH STATEMENT EXECUTE FUNCTION register_turn();
CREATE TRIGGER wallet_truncate BEFORE TRUNCATE ON wallet FOR EACH STATEMENT EXECUTE FUNCTION register_refuse('nothing is deleted');
CREATE TRIGGER written_publication_turn BEFORE INSERT OR UPDATE ON written_publication FOR EACH STATEMENT EXECUTE FUNCTION register_turn();
CREATE TRIGGER written_publication_truncate BEFORE TRUNCATE ON written_publication FOR EACH STATEMENT EXECUTE FUNCTION register_refuse('nothing is deleted');
CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num));
INSERT INTO alembic_version VALUES ('0006');

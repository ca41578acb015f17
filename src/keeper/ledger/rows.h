/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef KEEPER_ROWS_H
#define KEEPER_ROWS_H

#include "crypto/formats.h"
#include "keeper/client.h"

/* The keeper's own rows. Each has a kind, an object id, a parent id it is listed by, and a body in a fixed layout; the newest leaf of
 * (kind, object) carries H(body). Kinds and layouts are stored and hashed: never renumbered. */
enum row_kind {
	ROW_INSTANCE = 1,
	ROW_ORGANISATION,
	ROW_MEMBER,
	ROW_SLOT,
	ROW_FACTOR,
	ROW_CERT,
	ROW_IDENTITY,
	ROW_COMPARTMENT,
	ROW_SECRET,
	ROW_ROUTE,
	ROW_DOSSIER,
	ROW_KEY,
	ROW_ASSIGN,
	ROW_BLOCK,
	ROW_NAMED,
	ROW_RECEIPT,
	ROW_SIGN,
	ROW_GRANT,
	ROW_PROGRAMME,
	ROW_INVITE = 32,
	ROW_HOST,
	ROW_PROPOSAL,
	ROW_NOTICE,
	ROW_NAME,
	ROW_KIND_COUNT
};
#define ROW_BODY_MAX 1024u

/* What the whole instance stands on. object: zeros. */
struct instance_row {
	struct id id;
	bool demo;
	uint8_t root_pk[32], salt[16]; /* salt of receipt codes */
	uint8_t dummy[AMP1_SIZE];      /* slot nobody can open: the work done for unknown names */
	uint8_t backup_pk[32];         /* what backups are sealed to; X25519, its secret is on paper */
};
/* code: what the logins of its people begin with, before a dot; nobody else's do. object, parent: id */
#define ORGANISATION_CODE 40u
struct organisation_row {
	struct id id;
	char code[ORGANISATION_CODE];
};
/* NEW: made by an invitation, its codes not typed back yet; LEFT: for ever. */
enum member_state { MEMBER_ACTIVE = 1, MEMBER_FROZEN = 2, MEMBER_NEW = 3, MEMBER_LEFT = 4 };
/* object: user; parent: organisation */
struct member_row {
	struct id user, organisation, cert, key; /* cert: reserved at admission, so that wraps can name it before it is signed */
	uint32_t roles;
	enum member_state state;
	struct id by; /* who invited; zeros: the machine's console */
	uint8_t x25519[32], ed25519[32];
	char login[64];
};
/* object: of the user's factors; parent: user */
struct factor_row {
	struct id user;
	uint64_t last_step;  /* newest TOTP step used */
	uint64_t sheet_used; /* bit n: code n of the sheet is gone */
	uint8_t totp[352];   /* AMR1 of 20 bytes */
	uint8_t sheet[432];  /* AMR1 of 320 digits */
};
/* object: certificate id; parent: organisation */
struct cert_row {
	uint8_t bytes[AMC1_SIZE];
	bool revoked;
};
/* A key made in a session and not yet signed. object: the certificate id to be; parent: organisation. compartment 0: identity key. */
struct unsigned_row {
	struct id organisation, cert;
	uint8_t compartment;
	uint8_t pk[32];
};
/* A secret wrapped to a member (kinds 1 and 14). parent: recipient's certificate id */
struct secret_row {
	uint8_t kind, compartment;
	struct id wrapped, recipient, organisation;
	uint8_t wrap[AMW1_DEK];
};
struct route_row {
	uint8_t region;
	struct id desk, fallback;
};
/* object, parent: dossier */
struct dossier_row {
	struct id id, origin, owner, desk, fallback, creator;
	enum dossier_kind kind;
	enum report_stage stage;
	bool locked, danger;
	int64_t day;    /* made, ms, midnight UTC */
	int64_t ends;   /* erased from then on, ms; 0 = no end of its own */
	uint32_t share; /* number of the erasure share in force: grows when the dossier is stripped */
};
/* object: key id; parent: dossier */
struct key_row {
	struct id key, dossier, holder;
	enum class class;
	uint32_t generation;
	uint32_t share; /* the erasure share it is mixed with */
	struct id only; /* the one record it seals (fresh keys of the classes people sign); zeros: any of its class */
};
/* Who signed what. object: sign_object; parent: dossier */
struct sign_row {
	struct id dossier, record, user, organisation;
	enum class class;
	uint8_t which; /* SIGN_FIRST, SIGN_SECOND */
	uint64_t version;
	uint8_t hash[32]; /* H(blob) of the part */
	int64_t at;
};
/* One part lent to one person. object: the grant's id; parent: dossier */
struct grant_row {
	struct id grant, dossier, record, key, user, organisation;
	enum class class;
	uint8_t ops, purpose; /* enum op; number of consent_purposes.csv */
	uint64_t not_after;   /* unix seconds */
};
/* A user or organisation in relation to a dossier (assigned, blocked, named). parent: dossier */
struct link_row {
	struct id dossier, other;
};
/* object: locator; parent: dossier */
struct receipt_row {
	struct id locator, dossier, last_key;
	uint16_t pepper;
	uint8_t pk[32];
};

/* An invitation. object: first half of the ticket's hash; parent: organisation */
enum invite_state { INVITE_OPEN = 1, INVITE_BEGUN = 2, INVITE_USED = 3, INVITE_ENDED = 4 };
struct invite_row {
	struct id object, organisation, by, user; /* by: zeros = the command line; user: made by it, zeros = not begun */
	uint32_t roles;
	enum invite_state state;
	uint8_t language;
	int64_t until;
	uint8_t hash[16]; /* second half */
	char login[64];
};
/* A hosting agreement: the host's members with these roles serve the organisation too. parent: organisation */
struct host_row {
	struct id organisation, host;
	uint32_t roles;
	bool signs; /* second signatures as well */
};
/* What one has asked for and another must agree to. VOUCH: a colleague's word that he knows the person who is to have these roles; good
 * for these keys and these roles alone. by: zeros = the machine's console. parent: organisation */
enum proposal { PROPOSAL_ROLES = 1, PROPOSAL_THAW = 2, PROPOSAL_VOUCH = 3 };
struct proposal_row {
	struct id user, organisation, by;
	uint8_t what;
	uint32_t roles;
	uint8_t keys[16]; /* vouch: fingerprint of the member's keys; zeros else */
};
/* Told to the officer until he has seen it; kept after, since a recovery holds rights back for a day. parent: organisation */
enum notice { NOTICE_RECOVERED = 0, NOTICE_UNKNOWN = 1 };
struct notice_row {
	struct id user, organisation;
	int64_t at;
	uint8_t what;
	bool seen;
	struct id by; /* unknown: who does not know the member */
};

/* A member's real name, sealed; the key wrapped to compartments of his organisation (recipient: certificate) and to himself (his key's id).
 * parent: organisation */
#define NAME_WRAPS 3
#define NAME_BLOB 352
struct name_row {
	struct id user, organisation;
	uint8_t n;
	struct name_wrap {
		struct id recipient;
		uint8_t wrap[AMW1_DEK];
	} to[NAME_WRAPS];
	uint8_t blob[NAME_BLOB]; /* AMR1: every name is as long as any */
};

/* The programme, and the set its events lie in: an id and the number of the erasure share they are mixed with. object, parent: instance */
struct programme_row {
	struct id organisation, set;
	uint32_t share;
};

void write_instance(struct buf *b, const struct instance_row *r);
void write_organisation(struct buf *b, const struct organisation_row *r);
void write_member(struct buf *b, const struct member_row *r);
void write_factor(struct buf *b, const struct factor_row *r);
void write_cert(struct buf *b, const struct cert_row *r);
void write_unsigned(struct buf *b, const struct unsigned_row *r);
void write_secret(struct buf *b, const struct secret_row *r);
void write_route(struct buf *b, const struct route_row *r);
void write_dossier(struct buf *b, const struct dossier_row *r);
void write_key(struct buf *b, const struct key_row *r);
void write_programme(struct buf *b, const struct programme_row *r);
void write_sign(struct buf *b, const struct sign_row *r);
void write_grant(struct buf *b, const struct grant_row *r);
void write_link(struct buf *b, const struct link_row *r);
void write_receipt(struct buf *b, const struct receipt_row *r);
void write_invite(struct buf *b, const struct invite_row *r);
void write_host(struct buf *b, const struct host_row *r);
void write_proposal(struct buf *b, const struct proposal_row *r);
void write_notice(struct buf *b, const struct notice_row *r);
void write_name(struct buf *b, const struct name_row *r);
/* E_CRYPTO when the body has not exactly its layout. */
enum status read_instance(struct sv body, struct instance_row *r) MUST_CHECK;
enum status read_organisation(struct sv body, struct organisation_row *r) MUST_CHECK;
enum status read_member(struct sv body, struct member_row *r) MUST_CHECK;
enum status read_factor(struct sv body, struct factor_row *r) MUST_CHECK;
enum status read_cert(struct sv body, struct cert_row *r) MUST_CHECK;
enum status read_unsigned(struct sv body, struct unsigned_row *r) MUST_CHECK;
enum status read_secret(struct sv body, struct secret_row *r) MUST_CHECK;
enum status read_route(struct sv body, struct route_row *r) MUST_CHECK;
enum status read_dossier(struct sv body, struct dossier_row *r) MUST_CHECK;
enum status read_key(struct sv body, struct key_row *r) MUST_CHECK;
enum status read_programme(struct sv body, struct programme_row *r) MUST_CHECK;
enum status read_sign(struct sv body, struct sign_row *r) MUST_CHECK;
enum status read_grant(struct sv body, struct grant_row *r) MUST_CHECK;
enum status read_link(struct sv body, struct link_row *r) MUST_CHECK;
enum status read_receipt(struct sv body, struct receipt_row *r) MUST_CHECK;
enum status read_invite(struct sv body, struct invite_row *r) MUST_CHECK;
enum status read_host(struct sv body, struct host_row *r) MUST_CHECK;
enum status read_proposal(struct sv body, struct proposal_row *r) MUST_CHECK;
enum status read_notice(struct sv body, struct notice_row *r) MUST_CHECK;
enum status read_name(struct sv body, struct name_row *r) MUST_CHECK;

/* Object ids of rows that have none of their own: H over kind and both ids, 16 bytes. */
struct id row_object(enum row_kind kind, struct id a, struct id b, uint8_t n);
struct id sign_object(struct id record, enum class class, uint32_t which);

#endif

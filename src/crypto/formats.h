/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CRYPTO_FORMATS_H
#define CRYPTO_FORMATS_H

#include "base/access.h"
#include "base/buf.h"
#include "base/id.h"
#include "base/status.h"

/* The byte formats of security.md 2-4 as pure functions: no state, no allocation but the caller's, no clock. Every parse
 * refuses unknown magic, suite, kind, flag and reserved bytes other than zero with E_CRYPTO, before any cryptography.
 * Secrets pass through caller's memory only and the temporaries are wiped. */

#define KEY_SIZE 32
struct key {
	uint8_t b[KEY_SIZE];
};

/* label: exactly 16 bytes, a literal; longer is a compile error. n = 16, 32 or 64. */
#define KDF(out, n, label, key, keylen, msg, msglen)                               \
	do {                                                                       \
		_Static_assert(sizeof(label) == 17, "KDF label must be 16 bytes"); \
		kdf_((out), (n), (label), (key), (keylen), (msg), (msglen));       \
	} while (0)
void kdf_(void *out, size_t n, const char label[16], const void *key, size_t keylen, const void *msg, size_t msglen);
void hash32(uint8_t out[32], const void *p, size_t n); /* BLAKE2b-256, unkeyed: H(x) */
bool equal_ct(const void *a, const void *b, size_t n); /* constant time */

/* --- data keys ------------------------------------------------------------------------------------------------- */
/* K = mix(S, E(d), d, c, g, h) (security.md 3) */
void dek_mix(struct key *k, const struct key *s, const uint8_t share[32], struct id dossier, uint8_t class, uint32_t generation,
	     struct id holder);
/* id = KDF("amana.key.id.001", S, class|dossier|holder, 16) */
struct id dek_id(const struct key *s, uint8_t class, struct id dossier, struct id holder);

/* --- AMR1 sealed record ----------------------------------------------------------------------------------------- */
#define AMR1_HEAD 80
#define AMR1_MAX_PLAIN (1u << 20)
struct record_bind {
	uint16_t type; /* | 0x8000 for history rows */
	struct id record, dossier, origin;
	uint64_t version;
	uint32_t schema;
};
size_t padded_size(size_t plain); /* bytes after padding (4.1) */
size_t amr1_size(size_t plain);   /* whole sealed size */
/* out has amr1_size(plain.n) bytes. nonce: 24 random bytes (given so that vectors can be computed). E_LIMIT past the maximum. */
enum status amr1_seal(uint8_t *out, const struct key *k, uint8_t class, struct id key_id, const uint8_t nonce[24],
		      const struct record_bind *bind, struct sv plain) MUST_CHECK;
/* plain_out has at least blob.n - AMR1_HEAD - 16 bytes; *plain_n gets the unpadded length. E_CRYPTO when anything differs. */
enum status amr1_open(uint8_t *plain_out, size_t *plain_n, const struct key *k, const struct record_bind *bind,
		      struct sv blob) MUST_CHECK;
/* Class and key id of a blob, header checked. */
enum status amr1_peek(struct sv blob, uint8_t *class, struct id *key_id) MUST_CHECK;

/* --- AMW1 wrapped secret ---------------------------------------------------------------------------------------- */
enum wrap_kind {
	WRAP_COMPARTMENT_MEMBER = 1,
	WRAP_DEK_COMPARTMENT = 2,
	WRAP_DEK_PERSON = 3,
	WRAP_ITEM = 4,
	WRAP_DEK_REPORTER = 5,
	WRAP_OLD_EPOCH = 6,
	WRAP_PAIR_INNER = 7,
	WRAP_PAIR_OUTER = 8,
	WRAP_INDEX = 10,
	WRAP_DROP = 11,
	WRAP_BACKUP = 12,
	WRAP_DRAFT = 13,
	WRAP_IDENTITY = 14,
	WRAP_CUSTODY = 15
};
#define AMW1_HEAD 104
#define AMW1_SIZE(payload) (AMW1_HEAD + (payload) + 16)
#define AMW1_DEK 152
struct wrap_bind {
	struct id dossier;
	uint8_t class, purpose;
	struct id grant, organisation;
	uint64_t not_after; /* unix seconds, 0 = none */
};
/* ephemeral: secret key of 32 random bytes. recipient_pk: X25519. */
enum status amw1_wrap(uint8_t *out, uint8_t kind, struct id wrapped_key, struct id recipient, const uint8_t recipient_pk[32],
		      const uint8_t ephemeral[32], const struct wrap_bind *bind, const void *payload, size_t n) MUST_CHECK;
enum status amw1_open(void *payload, size_t n, uint8_t kind, const uint8_t recipient_sk[32], const struct wrap_bind *bind,
		      struct sv wrap) MUST_CHECK;
enum status amw1_peek(struct sv wrap, uint8_t *kind, struct id *wrapped_key, struct id *recipient, size_t *payload) MUST_CHECK;

/* --- AMP1 slot -------------------------------------------------------------------------------------------------- */
#define AMP1_SIZE 200
#define SLOT_PASSWORD 1
#define SLOT_RECOVERY 2
#define SLOT_PIN 4
struct slot_head {
	uint8_t kind;
	uint16_t pepper_version;
	struct id user, key_id;
	uint32_t argon_t, argon_m_kib;
	uint8_t salt[16];
};
/* Argon2id 1.3, p=1. E_LIMIT when t > 10 or m > 512 MiB or below the floor of 3 / 64 MiB; E_CRYPTO when memory is not to be had. */
enum status slot_stretch(uint8_t i[32], struct sv secret, const uint8_t salt[16], uint32_t t, uint32_t m_kib) MUST_CHECK;
void slot_stretch_recovery(uint8_t i[32], const uint8_t code16[16], struct id user);
enum status amp1_seal(uint8_t out[AMP1_SIZE], const struct slot_head *head, const uint8_t nonce[24], const uint8_t i[32],
		      const uint8_t pepper[32], const uint8_t payload[64]) MUST_CHECK;
enum status amp1_head(struct sv slot, struct slot_head *head) MUST_CHECK;
enum status amp1_open(uint8_t payload[64], struct sv slot, const uint8_t i[32], const uint8_t pepper[32]) MUST_CHECK;

/* --- AMC1 certificate ------------------------------------------------------------------------------------------- */
#define AMC1_SIZE 248
enum cert_type {
	CERT_ORGANISATION = 1,
	CERT_MEMBER = 2,
	CERT_CUSTODIAN = 4,
	CERT_WITNESS = 5,
	CERT_SERVICE = 7,
	CERT_COMPARTMENT = 8,
	CERT_DEVICE = 9
};
struct cert {
	uint8_t type;
	uint16_t flags; /* type 8: compartment */
	struct id id, subject, organisation;
	uint32_t epoch, roles;
	uint8_t x25519[32], ed25519[32];
	uint64_t not_before, not_after; /* unix s */
	struct id issuer;
};
enum status amc1_sign(uint8_t out[AMC1_SIZE], const struct cert *cert, const uint8_t issuer_seed[32]) MUST_CHECK;
enum status amc1_read(struct sv bytes, struct cert *out) MUST_CHECK; /* form only, no signature */
/* E_CRYPTO: not of this form or not signed by this key; E_STATE: genuine, but now is before not_before or not before not_after. */
enum status amc1_verify(struct sv bytes, const uint8_t issuer_pk[32], uint64_t now_s, struct cert *out) MUST_CHECK;
void ed25519_public(uint8_t pk[32], const uint8_t seed[32]);
void x25519_public(uint8_t pk[32], const uint8_t sk[32]);

/* --- AMF1 file -------------------------------------------------------------------------------------------------- */
#define AMF1_HEAD 68
#define AMF1_CHUNK 65536u
#define AMF1_TAG 16
enum status amf1_head(uint8_t out[AMF1_HEAD], uint8_t class, struct id key_id, struct id file, const uint8_t prefix[19]) MUST_CHECK;
enum status amf1_head_read(struct sv head, uint8_t *class, struct id *key_id, struct id *file) MUST_CHECK;
void amf1_key(struct key *out, const struct key *k, struct id file);
/* bind: version 1, schema 0 (4.5). out has plain.n + 16 bytes; every chunk but the last holds exactly AMF1_CHUNK; the caller
 * pads the whole plaintext as in 4.1 before cutting it. */
enum status amf1_seal_chunk(uint8_t *out, const struct key *file_key, const uint8_t head[AMF1_HEAD], const struct record_bind *bind,
			    uint32_t index, bool last, struct sv plain) MUST_CHECK;
enum status amf1_open_chunk(uint8_t *out, const struct key *file_key, const uint8_t head[AMF1_HEAD], const struct record_bind *bind,
			    uint32_t index, bool last, struct sv sealed) MUST_CHECK;

/* --- receipt code ----------------------------------------------------------------------------------------------- */
#define CODE_DIGITS 20
char damm_digit(const char *digits, size_t n);
/* Spaces and hyphens are dropped, Arabic and Persian digits become ASCII. E_INPUT unless 20 digits with a right check digit. */
enum status code_read(struct sv typed, char out[CODE_DIGITS + 1]) MUST_CHECK;
void code_new(char out[CODE_DIGITS + 1]);
struct receipt {
	struct id locator;
	uint8_t pk[32], sk[32];
};
/* Argon2id t=3 m=64 MiB over the 20 digits, then the pepper. Slow (77 ms): only in an Argon thread. */
enum status receipt_derive(struct receipt *out, const char code[CODE_DIGITS], const uint8_t salt[16],
			   const uint8_t pepper[32]) MUST_CHECK;
/* The second pair, by code and PIN (six digits, else E_INPUT); the locator stays the code's own and is left zero here. */
enum status receipt_derive_pin(struct receipt *out, const char code[CODE_DIGITS], struct sv pin, const uint8_t salt[16],
			       const uint8_t pepper[32]) MUST_CHECK;

/* --- recovery code ---------------------------------------------------------------------------------------------- */
#define RECOVERY_SYMBOLS 25
void recovery_new(uint8_t code16[16], char text[RECOVERY_SYMBOLS + 2]);    /* with check symbol, zero-terminated */
enum status recovery_read(struct sv typed, uint8_t code16[16]) MUST_CHECK; /* hyphens, spaces, case, O I L accepted */
/* Any bytes as base32 groups of 5 with one Crockford check symbol at the end (tickets, root, certificate requests). */
struct sv groups_write(struct arena *a, struct sv bytes);
enum status groups_read(struct arena *a, struct sv typed, struct sv *out) MUST_CHECK;

/* --- journal: leaf, MAC, tree, checkpoint (section 8) ------------------------------------------------------------ */
#define AMJ1_SIZE 192
struct leaf {
	uint8_t event;
	uint16_t flags; /* 0, or 0x8000 | kind: `blob` is H of the keeper's row `object` of that kind (zeros: it is gone) */
	uint64_t seq, time_ms;
	struct id actor, organisation, dossier, object;
	uint32_t class_mask, purpose; /* purpose: number of consent_purposes.csv, for lists | how many parts << 16 */
	uint8_t detail[32], blob[32];
};
void amj1_write(uint8_t out[AMJ1_SIZE], const struct leaf *leaf);
enum status amj1_read(struct sv bytes, struct leaf *out) MUST_CHECK;
void leaf_mac(uint8_t out[16], const uint8_t journal_key[32], const uint8_t leaf[AMJ1_SIZE]);
void leaf_hash(uint8_t out[32], const uint8_t leaf[AMJ1_SIZE]);
void node_hash(uint8_t out[32], const uint8_t left[32], const uint8_t right[32]);
/* The right edge of the RFC 9162 tree: the hashes of its perfect subtrees, largest first. Append is amortised one hash. */
#define TREE_LEVELS 48
struct tree {
	uint64_t size;
	uint8_t edge[TREE_LEVELS][32];
};
void tree_append(struct tree *t, const uint8_t leaf_hash[32]);
void tree_root(uint8_t out[32], const struct tree *t); /* empty: SHA-256("") */
/* Proofs over a reader of leaf hashes; out holds up to 64 hashes. RFC 9162 2.1.3 / 2.1.4. */
typedef enum status leaf_reader(void *arg, uint64_t index, uint8_t out[32]);
enum status tree_inclusion(leaf_reader *read, void *arg, uint64_t index, uint64_t size, uint8_t (*out)[32], size_t *n) MUST_CHECK;
enum status tree_consistency(leaf_reader *read, void *arg, uint64_t from, uint64_t to, uint8_t (*out)[32], size_t *n) MUST_CHECK;
bool tree_verify_inclusion(const uint8_t leaf[32], uint64_t index, uint64_t size, const uint8_t (*proof)[32], size_t n,
			   const uint8_t root[32]);
bool tree_verify_consistency(uint64_t from, uint64_t to, const uint8_t (*proof)[32], size_t n, const uint8_t first[32],
			     const uint8_t second[32]);
/* The four lines of a checkpoint. name: "amana/<instance id in hex>"; SV_NONE when it is not one line of at most 256 bytes. */
struct sv checkpoint_write(struct arena *a, struct sv name, uint64_t size, const uint8_t root[32], const uint8_t seed[32]);
enum status checkpoint_verify(struct sv text, const uint8_t pk[32], uint64_t *size, uint8_t root[32]) MUST_CHECK;

/* --- tokens ------------------------------------------------------------------------------------------------------ */
void duplicate_token(uint8_t out[16], const uint8_t key[32], uint8_t type, struct sv value);

#endif

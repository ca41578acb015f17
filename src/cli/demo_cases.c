/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Six organisations, their people and the reports of the twelve invented cases, as they come by their channels. Resemblance to anybody is
 * not meant; telephone numbers use the unassigned form +212 500 000 0xx. */
#include "cli/demo.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define REGION(n) (1u << (n))

static const struct demo_person team[] = {
	{ "officer", "security_officer,org_admin,dpo", "fr" },
	{ "supervisor", "supervisor", "fr" },
	{ "operator", "operator", "ar" },
	{ "desk", "desk", "fr" },
	{ "case-manager", "case_manager", "fr" },
};
/* Two people only: one holds every post that opens, the other those that open nothing. */
static const struct demo_person two[] = {
	{ "officer", "security_officer,org_admin,dpo", "fr" },
	{ "desk", "operator,desk,case_manager,supervisor", "ar" },
};

const struct demo_organisation demo_organisations[] = {
	{ "dar-tadamoun", { "Dar Tadamoun (Casablanca)", "دار التضامن (الدار البيضاء)", "Dar Tadamoun (Casablanca)" }, "association", "MA-06",
	  "women|girls|boys|families", "+212 500 000 001", team, COUNT(team), REGION(0) | REGION(6), "jisr-afrique" },
	{ "jisr-afrique", { "Jisr Afrique (Rabat)", "جسر إفريقيا (الرباط)", "Jisr Afrique (Rabat)" }, "association", "MA-04",
	  "women|men|families|migrants", "+212 500 000 002", team, COUNT(team), REGION(3) | REGION(4), "dar-tadamoun" },
	{ "tafoukt", { "Tafoukt (Agadir)", "تافوكت (أكادير)", "Tafoukt (Agadir)" }, "association", "MA-09", "women|girls|boys|migrants",
	  "+212 500 000 003", team, COUNT(team), REGION(9) | REGION(10) | REGION(11) | REGION(12), "nour-atfal" },
	{ "nour-atfal", { "Nour Atfal (Marrakech)", "نور أطفال (مراكش)", "Nour Atfal (Marrakesh)" }, "association", "MA-07",
	  "girls|boys|families", "+212 500 000 004", team, COUNT(team), REGION(5) | REGION(7) | REGION(8), "dar-tadamoun" },
	{ "rif-ecoute", { "Rif Écoute (Al Hoceima)", "ريف إيكوت (الحسيمة)", "Rif Écoute (Al Hoceima)" }, "association", "MA-01",
	  "women|girls|boys|families", "+212 500 000 005", team, COUNT(team), REGION(1) | REGION(2), "jisr-afrique" },
	{ "marsa", { "Marsa (Salé)", "مرسى (سلا)", "Marsa (Salé)" }, "association", "MA-04", "men|migrants", "+212 500 000 006", two, COUNT(two),
	  0, "jisr-afrique" },
};
const size_t demo_organisation_count = COUNT(demo_organisations);

const struct demo_case demo_cases[] = {
	{ .name = "C01", .by = "dar-tadamoun.operator", .channel = "hotline", .received = "2024-02-06 21:40", .language = "fr", .region = "MA-06",
	  .reporter = "neighbour", .sectors = "domestic_work", .forms = "domestic_servitude", .way = "none",
	  .text = "Bonjour, chez mes voisins du 3e il y a une jeune femme qui ne sort jamais. Elle nettoie les vitres à minuit. Elle m'a fait signe par "
		  "la fenêtre, la patronne a tiré le rideau. J'ai entendu crier.",
	  .steps = { { STEP_TRIAGE, "dar-tadamoun.desk", "high", NULL },
		     { STEP_ASSIGN, "dar-tadamoun.desk", "dar-tadamoun.case-manager", NULL },
		     { STEP_NOTE, "dar-tadamoun.case-manager", NULL, "Ne pas rappeler : aucun contact sûr. Passer par la pharmacie, le jeudi." } } },
	{ .name = "C02-A", .language = "fr", .region = "MA-04", .sectors = "domestic_work", .self = "no", .way = "mailbox",
	  .text = "Je connais une fille, Khadija, qui travaille dans une villa à Souissi, on lui a pris son téléphone.",
	  .steps = { { STEP_TAKE, "jisr-afrique.desk", NULL, NULL },
		     { STEP_TRIAGE, "jisr-afrique.desk", "medium", NULL },
		     { STEP_ANSWER, "jisr-afrique.desk", "asked",
		       "Merci. Savez-vous à quelle heure elle sort seule, et si quelqu’un peut lui parler sans danger ?" } } },
	{ .name = "C02-B", .by = "marsa.desk", .channel = "walk_in", .received = "2024-03-11 10:00", .language = "ary", .region = "MA-04",
	  .reporter = "family", .sectors = "domestic_work", .self = "no",
	  .text = "خويا، بنت خالتي خديجة خدامة فواحد الدار فالرباط، شدّو ليها التيليفون ولاكارط، وما خلّصوهاش من رمضان اللي فات.",
	  .steps = { { STEP_TRIAGE, "marsa.desk", "medium", NULL } } },
	{ .name = "C03", .by = "nour-atfal.desk", .channel = "email", .received = "2024-09-20 08:30", .language = "fr", .region = "MA-07",
	  .reporter = "teacher", .sectors = "domestic_work", .forms = "child_labour_exploitation", .child = "yes",
	  .text = "Une élève de CM2 n'est pas revenue. Sa mère dit qu'elle “aide une famille” à Marrakech." },
	{ .name = "C04", .by = "marsa.desk", .channel = "walk_in", .received = "2024-05-15 15:20", .language = "fr", .region = "MA-04",
	  .reporter = "self", .sectors = "construction", .forms = "forced_labour", .self = "yes", .people = "6", .way = "phone",
	  .hours = "après 19 h", .phone = "+212 500 000 044",
	  .text = "Le chef garde nos passeports. Nous sommes six. Si on parle il appelle la police pour nous expulser. Pas payés depuis trois mois.",
	  .steps = { { STEP_TRIAGE, "marsa.desk", "high", NULL }, { STEP_ASSIGN, "marsa.desk", "marsa.desk", NULL } } },
	{ .name = "C05", .by = "tafoukt.operator", .channel = "messaging", .received = "2024-06-02 15:05", .language = "en", .region = "MA-09",
	  .reporter = "self", .sectors = "domestic_work", .forms = "domestic_servitude", .self = "yes", .way = "messaging", .hours = "15:00",
	  .phone = "+212 500 000 055",
	  .text = "Please help, I work for family in Agadir, they brought me from another country, I sleep 4 hours, my passport is with madam. Do not call "
		  "this number, message only at 3 pm.",
	  .steps = { { STEP_TAKE, "tafoukt.desk", NULL, NULL }, { STEP_TRIAGE, "tafoukt.desk", "high", NULL } } },
	{ .name = "C06", .by = "tafoukt.desk", .channel = "inspection", .received = "2024-04-22 09:00", .language = "fr", .region = "MA-09",
	  .reporter = "public_agent", .sectors = "agriculture", .forms = "forced_labour", .people = "14",
	  .text = "Contrôle du 18/04 : 14 ouvrières dans un hangar, pas de contrats, transport facturé 30 DH/jour, salaires différés.",
	  .steps = { { STEP_TRIAGE, "tafoukt.desk", "medium", NULL } } },
	{ .name = "C07", .by = "rif-ecoute.desk", .channel = "outreach", .received = "2024-07-08 17:00", .language = "ary", .region = "MA-09",
	  .sectors = "fishing", .child = "unknown",
	  .text = "كاين واحد الدرّي صغير فالباطو، كيقول عندو تمنطاش لعام ولكن باين عليه خمسطاش. كيبقى شهر فالبحر وما كيهبطش للبر.",
	  .steps = { { STEP_TRIAGE, "rif-ecoute.desk", "high", NULL },
		     { STEP_REDIRECT, "rif-ecoute.desk", "tafoukt", "Hors de notre région : le bateau rentre à Agadir." },
		     { STEP_TRIAGE, "tafoukt.desk", "high", NULL },
		     { STEP_ASSIGN, "tafoukt.desk", "tafoukt.case-manager", NULL },
		     { STEP_WAIT, "tafoukt.desk", NULL, "Le bateau est en mer : rencontre au port." } } },
	{ .name = "C08", .language = "es", .region = "MA-01", .reporter = "citizen", .sectors = "begging", .forms = "forced_begging", .child = "yes",
	  .self = "no", .danger = 1,
	  .text = "En el puerto hay una niña con un bebé que no es suyo, un hombre recoge el dinero cada hora." },
	{ .name = "C09", .by = "dar-tadamoun.operator", .channel = "hotline", .received = "2024-10-11 18:15", .language = "fr", .region = "MA-06",
	  .reporter = "neighbour", .sectors = "domestic_work",
	  .text = "Chez le médecin du 5e, la bonne ne sort qu'avec eux.",
	  .steps = { { STEP_TRIAGE, "dar-tadamoun.desk", "low", NULL },
		     { STEP_CLOSE, "dar-tadamoun.desk", "false_alarm", "Contrat déposé, jour de repos, téléphone personnel ; rencontrée seule." } } },
	{ .name = "C10", .by = "dar-tadamoun.desk", .channel = "partner_referral", .received = "2024-11-05 11:40", .language = "fr",
	  .region = "MA-06", .reporter = "health_worker",
	  .text = "Patiente de 22 ans, fractures anciennes, accompagnée d'une “cousine” qui répond à sa place.",
	  .steps = { { STEP_TRIAGE, "dar-tadamoun.desk", "high", NULL } } },
	{ .name = "C11", .by = "jisr-afrique.desk", .channel = "partner_referral", .received = "2025-01-14 16:10", .language = "fr",
	  .region = "MA-03", .reporter = "association", .sectors = "domestic_work", .child = "yes", .people = "2", .danger = 1,
	  .text = "Mme B., marocaine, s'est échappée de chez un couple à Lyon. Son fils de 9 ans est resté chez la mère de l'employeur à Fès. On menace "
		  "de le “faire disparaître”.",
	  .steps = { { STEP_TAKE, "jisr-afrique.desk", NULL, NULL } } },
	{ .name = "C12", .by = "nour-atfal.desk", .channel = "partner_referral", .received = "2025-03-02 12:00", .language = "fr",
	  .region = "MA-07", .reporter = "lawyer", .sectors = "illicit_activities", .forms = "forced_criminality",
	  .text = "Mon client est détenu pour transport de stupéfiants. Il dit que ceux qui l'ont fait venir gardent sa sœur.",
	  .steps = { { STEP_TRIAGE, "nour-atfal.desk", "high", NULL } } },
};
const size_t demo_case_count = COUNT(demo_cases);

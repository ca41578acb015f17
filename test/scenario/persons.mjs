// SPDX-License-Identifier: GPL-3.0-or-later
// The people of the twelve invented cases (doc/design/sample_cases.md): their file, what their screening holds, what is decided. Everything and
// everybody here is invented; numbers are of an unassigned range.
//
// of: the report the file is opened from, or `house` for somebody who came by herself. manager: who keeps it, else the case manager of the
// house. reader: an organisation that lends its second reader. screenings: one after the other; `reads` is what the end page says ("whole",
// "child", "open", "none"), purpose and means what it says of these parts. closes: how the file ends today. locks: who locks it, and when.

const CONSENT = (language, day, more = {}) => ({ basis: 'informed_consent', basis_explained: 'la référente', basis_language: language, basis_way: 'voiced', basis_day: day, ...more });
const BEST = (day, reason, view) => ({ basis: 'best_interests', basis_day: day, basis_reason: reason, child_view: view });
const INTERVIEW = { act: 'yes', act_source: 'interview', age_basis: 'declared' };

export const PERSONS = [
	{
		id: 'C01', of: 'C01', name: 'Warda', basis: CONSENT('ary', '2024-02-09'),
		person: { name_ar: 'فاطمة الزهراء أيت بلا', name_latin: 'Fatim-Zahra Aït Bella', name_variants: 'Fatima Zohra Ait Bella, Fatimazahra Aitbella', sex: 'female', birth_date: '2000', birth_place: 'Taroudannt', nationality: 'MA' },
		reach: { contact_way: 'through_person', contact_details: 'par la pharmacie', contact_hours: 'le jeudi', contact_never: 'ne pas parler à la patronne' },
		facts: { forms: ['domestic_servitude'], sectors: ['domestic_work'], means: ['documents', 'movement', 'wages', 'isolation', 'false_promises'], recruiter: 'semsar', country: 'MA', region: 'MA-06', province: 'MA-CAS', from_date: '2023-08', narrative: 'Vendeuse, 2 500 DH promis ; pas payée depuis août 2023, papiers au coffre, porte fermée, 17 h par jour.' },
		screenings: [{ yes: ['D1.01', 'D1.02', 'D3.01', 'D3.03', 'D3.06', 'D4.01', 'D4.02', 'D4.04', 'D5.01', 'D5.03', 'D6.01', 'D6.02', 'D6.03'], about: { minor: 'no', ...INTERVIEW }, reads: 'whole', purpose: 'supported', means: 'supported' }],
		reason: 'Promise vendeuse, elle nettoie 17 h par jour, enfermée, sans papiers ni salaire.',
	},
	{
		id: 'C02', of: 'C02A', name: 'Khadija', basis: CONSENT('ary', '2024-03-12'),
		person: { name_ar: 'خديجة البوعناني', name_latin: 'Khadija El Bouanani', name_variants: 'Khadija Bouanani, خديجة بوعناني', sex: 'female', birth_date: '2005-01-01', birth_place: 'Khémisset', nationality: 'MA' },
		reach: { contact_way: 'through_person', contact_details: 'par sa cousine' },
		facts: { forms: ['domestic_servitude'], sectors: ['domestic_work'], means: ['documents', 'wages'], country: 'MA', region: 'MA-04', narrative: 'Téléphone et carte pris, rien payé depuis le dernier ramadan.' },
		screenings: [{ yes: ['D4.01', 'D4.02', 'D5.01', 'D5.03', 'D2.05'], about: { minor: 'no', ...INTERVIEW }, reads: 'whole', purpose: 'supported', means: 'supported' }],
		reason: 'Téléphone et carte retenus, salaire jamais versé.',
		denunciation: { denunciation: 'not_reported', basis: 'art. 448-7, avec elle', reason: 'Elle ne veut pas de plainte pour l’instant.', advice: 'Avis de l’avocate : la victime n’est pas tenue de dénoncer.' },
	},
	{
		id: 'C03', of: 'C03', name: 'Nejma', child: true, basis: BEST('2024-09-21', 'Une avance a été payée à un parent.', 'Je veux voir ma sœur, pas retourner dans cette maison.'),
		person: { name_ar: 'سعيدة أوحمو', name_latin: 'Saïda Ouhammou', name_variants: 'Saaida Ohamou', sex: 'female', birth_date: '2012-05-03', birth_place: 'Azilal', nationality: 'MA' },
		head: { language: 'tzm', age_evidence: 'civil_registry' }, reach: { contact_way: 'through_person', contact_details: 'par l’institutrice' },
		facts: { forms: ['child_labour_exploitation'], sectors: ['domestic_work'], means: ['debt', 'excessive_hours'], recruiter: 'parent', country: 'MA', region: 'MA-07', narrative: 'Avance de 3 000 DH, école promise, travaille de 6 h à 22 h.' },
		screenings: [{ yes: ['D1.10', 'D3.01', 'D4.01', 'D4.02', 'D4.09', 'D5.02'], about: { minor: 'yes', ...INTERVIEW, age_basis: 'civil_registry' }, reads: 'child', purpose: 'supported', means: 'not_needed' }],
		reason: 'Douze ans, travaille toute la journée, l’école promise n’a jamais commencé.',
	},
	{
		id: 'C04', of: 'C04', name: 'Baraka', manager: 'marsa.supervisor', reader: 'jisr-afrique', basis: CONSENT('wo', '2024-05-15', { basis_interpreter: 'interprète wolof, par téléphone' }),
		person: { name_ar: 'مامادو ديالو', name_latin: 'Mamadou Diallo', name_variants: 'Mamadu Jallow', sex: 'male', birth_date: '1997-11-20', nationality: 'SN' },
		head: { language: 'wo', interpreter: 'yes' }, reach: { contact_way: 'messaging', contact_phone: '+212 500 000 041', contact_hours: 'après 20 h', contact_never: 'ne pas passer au chantier' },
		facts: { forms: ['forced_labour'], sectors: ['construction'], means: ['documents', 'wages', 'threat_authorities'], recruiter: 'compatriot', country: 'MA', region: 'MA-04', narrative: 'Passeports de six hommes gardés, pas payés depuis trois mois.' },
		screenings: [
			{ yes: ['D4.02', 'D5.01', 'D5.11', 'D5.14', 'D6.05'], unknown: ['D4.01', 'D4.04', 'D4.05', 'D4.07'], about: { minor: 'no', ...INTERVIEW }, reads: 'open', purpose: 'open', means: 'supported', asks: 4 },
			{ yes: ['D4.01', 'D4.02', 'D4.04', 'D4.07', 'D5.01', 'D5.11', 'D5.14', 'D6.05'], about: { minor: 'no', ...INTERVIEW, remarks: 'Second entretien avec une interprète wolof.' }, reads: 'whole', purpose: 'supported', means: 'supported' },
		],
		reason: 'Passeports retenus, menace de la police, trois mois sans salaire ; horaires et logement connus depuis le second entretien.',
	},
	{
		id: 'C05', of: 'C05', name: 'Grace', basis: CONSENT('en', '2024-06-03'),
		person: { name_ar: 'ماري غريس سانتوس', name_latin: 'Mary Grace D. Santos', name_variants: 'Marygrace Santos', sex: 'female', birth_date: '1988-08-14', nationality: 'PH' },
		head: { language: 'en' }, reach: { contact_way: 'messaging', contact_phone: '+212 500 000 015', contact_hours: '3 pm only', contact_never: 'never call' },
		facts: { forms: ['domestic_servitude'], sectors: ['domestic_work'], means: ['documents', 'excessive_hours', 'movement', 'wages'], recruiter: 'agency', country: 'MA', region: 'MA-09', narrative: 'Recruited 2022-03, contract substituted, by way of AE; four hours of sleep.' },
		screenings: [{ yes: ['D1.01', 'D1.04', 'D1.02', 'D4.01', 'D4.02', 'D5.01', 'D5.03', 'D6.02', 'D6.05'], about: { minor: 'no', ...INTERVIEW }, reads: 'whole', purpose: 'supported', means: 'supported' }],
		reason: 'Passport kept, contract substituted, four hours of sleep.',
	},
	{
		id: 'C06 Hania', house: 'tafoukt', name: 'Hania', basis: CONSENT('ary', '2024-04-22'),
		person: { name_ar: 'هنية الشرقاوي', name_latin: 'Hania Cherkaoui', name_variants: 'Haniya Charqaoui', sex: 'female', birth_date: '1985', nationality: 'MA' },
		reach: { contact_way: 'none' }, facts: { sectors: ['agriculture'], country: 'MA', region: 'MA-09', narrative: 'Transport facturé 30 DH par jour, salaires différés ; elle peut partir.' },
		screenings: [{ yes: ['D3.06', 'D4.02', 'D4.07', 'D4.08'], about: { minor: 'no', act: 'no', act_source: 'interview' }, reads: 'none', purpose: 'supported', means: 'not_supported' }],
		closes: { closure: 'other_route', why: 'Inspection du travail : droits du travail.' },
	},
	{
		id: 'C06 Naïma', of: 'C06', name: 'Naima', basis: CONSENT('ary', '2024-04-23'),
		person: { name_ar: 'نعيمة لعروسي', name_latin: 'Naïma Laaroussi', name_variants: 'Naima Aroussi', sex: 'female', nationality: 'MA' },
		reach: { contact_way: 'none' }, facts: { forms: ['forced_labour'], sectors: ['agriculture'], means: ['debt', 'threats'], country: 'MA', region: 'MA-09', narrative: 'Dette envers le contremaître, menaces.' },
		screenings: [{ yes: ['D4.01', 'D4.02', 'D4.03', 'D5.02', 'D5.11'], about: { minor: 'no', ...INTERVIEW }, reads: 'whole', purpose: 'supported', means: 'supported' }],
		reason: 'Dette envers le contremaître et menaces.',
	},
	{
		id: 'C07', of: 'C07', name: 'Lkbir', child: true, basis: { basis: 'vital_interest', basis_day: '2024-07-08', basis_reason: 'Un mois en mer, âge en doute.' },
		person: { name_ar: 'أيوب', name_latin: 'Ayoub', name_variants: 'Ayub, Lkbir', sex: 'male', nationality: 'MA' },
		head: { language: 'ary', age_doubt: 'yes', age_evidence: 'estimated' }, reach: { contact_way: 'none' },
		facts: { forms: ['child_labour_exploitation'], sectors: ['fishing'], country: 'MA', region: 'MA-09', narrative: 'Un mois en mer sans descendre.' },
		screenings: [{ yes: ['D4.01', 'D4.06'], about: { minor: '', age_basis: 'estimated', act: '' }, reads: 'child', uncertain: true, purpose: 'supported', means: 'not_needed' }],
		reason: 'Il dit dix-huit ans et en paraît quinze : il est traité comme un enfant.',
	},
	{
		id: 'C08', of: 'C08', name: 'Mariam', child: true, locks: 'supervisor', basis: { basis: 'vital_interest', basis_day: '2024-08-30', basis_reason: 'Danger immédiat au port.', child_view: 'Elle veut garder le bébé près d’elle.' },
		person: { name_ar: 'مريم', name_latin: 'Meryem', name_variants: 'Mariam, Maryam', sex: 'female', birth_date: '~2014', nationality: '' },
		head: { language: 'rif', age_evidence: 'estimated' }, reach: { contact_way: 'none' },
		facts: { forms: ['forced_begging', 'child_labour_exploitation'], sectors: ['begging'], country: 'MA', region: 'MA-01', narrative: 'Un homme ramasse l’argent chaque heure.' },
		screenings: [{ yes: ['D4.01', 'D4.04', 'D4.09', 'D5.03', 'D5.08'], about: { minor: 'yes', ...INTERVIEW, age_basis: 'estimated' }, reads: 'child', purpose: 'supported', means: 'supported' }],
		reason: 'Environ dix ans, surveillée, mendie toute la journée.',
	},
	{
		id: 'C08 the baby', house: 'rif-ecoute', name: 'Petit', child: true, locks: 'supervisor', basis: { basis: 'vital_interest', basis_day: '2024-08-30', basis_reason: 'Nourrisson sans parent connu.', child_view: 'Trop petit pour parler.' },
		person: { name_latin: 'inconnu', birth_date: '~2024' }, head: { age_bracket: '0-8', age_evidence: 'estimated' }, reach: { contact_way: 'none' }, facts: { country: 'MA', region: 'MA-01', narrative: 'Porté par une enfant qui n’est pas sa mère.' }, screenings: [],
	},
	{
		id: 'C10', of: 'C10', name: 'Ikram', basis: CONSENT('ary', '2024-11-06'),
		person: { name_ar: 'إكرام زروال', name_latin: 'Ikram Zeroual', name_variants: 'Ikrame Zarouel', sex: 'female', birth_date: '2002-07-30', nationality: 'MA' },
		reach: { contact_way: 'phone', contact_phone: '+212 500 000 022', contact_hours: '9-11', contact_word: 'ordonnance' },
		facts: { forms: ['domestic_servitude'], sectors: ['domestic_work'], means: ['physical_abuse', 'isolation'], recruiter: 'relative', country: 'MA', region: 'MA-06', narrative: 'Fractures anciennes, une « cousine » répond à sa place.' },
		screenings: [{ yes: ['D3.11', 'D4.01', 'D4.02', 'D5.04', 'D5.08'], about: { minor: 'no', ...INTERVIEW }, reads: 'whole', purpose: 'supported', means: 'supported' }],
		reason: 'Fractures anciennes, emprise, jamais seule.', closes: { closure: 'consent_withdrawn', why: 'Elle retire son accord le 20 novembre.' },
	},
	{
		id: 'C11 Bouchra', of: 'C11', name: 'Bouchra', locks: 'case_manager', basis: CONSENT('fr', '2025-01-14'),
		person: { name_ar: 'بشرى المودن', name_latin: 'Bouchra El Moudden', name_variants: 'Bushra El Mouaddin, Bouchra Almoudden', sex: 'female', birth_date: '1991-04-04', nationality: 'MA' },
		reach: { contact_way: 'through_person', contact_details: 'par l’association de Paris' },
		facts: { forms: ['domestic_servitude'], sectors: ['domestic_work'], means: ['threat_family', 'documents', 'isolation'], country: 'FR', narrative: 'Échappée de chez un couple à Lyon ; on menace son fils.' },
		screenings: [{ yes: ['D1.01', 'D1.06', 'D4.01', 'D4.02', 'D5.01', 'D5.03', 'D5.13'], about: { minor: 'no', ...INTERVIEW }, reads: 'whole', purpose: 'supported', means: 'supported' }],
		reason: 'Papiers retenus, enfermée, menaces contre son fils.',
	},
	{
		id: 'C11 Yassine', house: 'jisr-afrique', name: 'Yassine', child: true, locks: 'case_manager', basis: { basis: 'vital_interest', basis_day: '2025-01-14', basis_reason: 'Retenu à Fès, menacé.', child_view: 'Pas encore vu.' },
		person: { name_ar: 'ياسين', name_latin: 'Yassine', name_variants: 'Yacine', sex: 'male', birth_date: '2015-09-09', nationality: 'MA' }, head: { risk: 'immediate' }, reach: { contact_way: 'none' }, facts: { country: 'MA', region: 'MA-03', narrative: 'Retenu chez la mère de l’employeur.' }, screenings: [],
	},
	{
		id: 'C12', of: 'C12', name: 'Kwame', basis: CONSENT('dyu', '2025-03-04', { basis_interpreter: 'interprète dioula' }),
		person: { name_ar: 'كوامي كواسي', name_latin: 'Kouamé Kouassi', name_variants: 'Kwame Kouasi', sex: 'male', birth_date: '2003-12-12', nationality: 'CI' },
		head: { language: 'dyu', interpreter: 'yes' }, reach: { contact_way: 'through_person', contact_details: 'par son avocat' },
		facts: { forms: ['forced_criminality'], sectors: ['illicit_activities'], means: ['threat_family', 'debt'], country: 'MA', region: 'MA-07', narrative: 'Détenu pour transport ; sa sœur est gardée.' },
		screenings: [{ yes: ['D1.01', 'D1.02', 'D2.09', 'D4.01', 'D4.02', 'D5.05', 'D5.06', 'D5.13', 'D6.05'], about: { minor: 'no', ...INTERVIEW }, reads: 'whole', purpose: 'supported', means: 'supported' }],
		reason: 'Contraint au transport, sa sœur gardée en otage.',
	},
];

// C09: screened on the report; closed as a false alarm, and nothing of her stays.
export const CHECKED = { id: 'C09', of: 'C09', name: 'Rachida Naciri', yes: [], about: { minor: 'no', act: 'no', act_source: 'interview', age_basis: 'declared', remarks: 'Rachida Naciri رشيدة الناصري : contrat déposé, CNSS, jour de repos, vue seule.' }, reads: 'none' };

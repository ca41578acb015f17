// SPDX-License-Identifier: GPL-3.0-or-later
// The reports of the twelve invented cases (doc/design/sample_cases.md): how each arrives, at whose desk, what the desk does. Everything and everybody here is
// invented; numbers are of an unassigned range.
//
// by: 'web' = the public form (language, answers of lib/people.mjs), else the organisation whose member types it and the channel.
// end: what the desk does last; `excluded`: an organisation that must never learn of it.

export const CASES = [
	{
		id: 'C01', by: 'dar-tadamoun', channel: 'hotline', language: 'fr', region: 'MA-06', risk: 'high', relation: 'neighbour', contact: 'none',
		text: 'Bonjour, chez mes voisins du 3e il y a une jeune femme qui ne sort jamais. Elle nettoie les vitres à minuit. Elle m’a fait signe par la fenêtre, la patronne a tiré le rideau. J’ai entendu crier.',
		answer: 'Merci. Nous avons lu votre message et nous agissons avec prudence.', end: 'assign',
	},
	{
		id: 'C02A', by: 'web', to: 'jisr-afrique', language: 'fr', risk: 'medium', excluded: 'marsa',
		answers: { who: 'other', region: 'MA-04', danger: 'no', relation: 'citizen' },
		text: 'Je connais une fille, Khadija, qui travaille dans une villa à Souissi, on lui a pris son téléphone.',
		answer: 'Merci. Pouvez-vous nous dire si elle sort parfois seule ?', reply: 'Elle descend les poubelles vers 22 h, seule.', end: 'assign',
	},
	{
		id: 'C02B', by: 'marsa', channel: 'walk_in', language: 'ar', region: 'MA-04', risk: 'medium', relation: 'family', contact: 'mailbox',
		text: 'خويا، بنت خالتي خديجة خدامة فواحد الدار فالرباط، شدّو ليها التيليفون ولاكارط، وما خلّصوهاش من رمضان اللي فات.',
		answer: 'توصلنا بكلامكم، وسنعود إليكم هنا.', end: 'assign',
	},
	{
		id: 'C03', by: 'nour-atfal', channel: 'email', language: 'fr', region: 'MA-07', risk: 'high', relation: 'teacher', contact: 'mailbox',
		text: 'Une élève de CM2 n’est pas revenue. Sa mère dit qu’elle “aide une famille” à Marrakech.',
		answer: 'Merci. Une personne chargée de la protection des enfants a pris le relais.', end: 'assign',
	},
	{
		id: 'C04', by: 'marsa', channel: 'walk_in', language: 'fr', region: 'MA-04', risk: 'high', relation: 'self', contact: 'mailbox', people: '6',
		text: 'Le chef garde nos passeports. Nous sommes six. Si on parle il appelle la police pour nous expulser. Pas payés depuis trois mois.',
		answer: 'Nous pouvons vous recevoir avec un interprète.', end: 'wait',
	},
	{
		id: 'C05', by: 'tafoukt', channel: 'messaging', language: 'en', region: 'MA-09', risk: 'high', relation: 'self', contact: 'messaging',
		address: '+212 500 000 015', hours: 'message only at 3 pm', message: 'yes', noCall: true,
		text: 'Please help, I work for family in Agadir, they brought me from another country, I sleep 4 hours, my passport is with madam. Do not call this number, message only at 3 pm.',
		answer: 'We have read your message. We will write at 3 pm only.', end: 'assign',
	},
	{
		id: 'C06', by: 'tafoukt', channel: 'inspection', language: 'fr', region: 'MA-09', risk: 'medium', relation: 'public_agent', contact: 'mailbox', people: '14',
		text: 'Contrôle du 18/04 : 14 ouvrières dans un hangar, pas de contrats, transport facturé 30 DH/jour, salaires différés.',
		answer: 'Reçu. Nous proposons une visite commune.', end: 'assign',
	},
	{
		id: 'C07', by: 'rif-ecoute', channel: 'outreach', language: 'ar', region: 'MA-09', risk: 'high', relation: 'association', contact: 'mailbox',
		text: 'كاين واحد الدرّي صغير فالباطو، كيقول عندو تمنطاش لعام ولكن باين عليه خمسطاش. كيبقى شهر فالبحر وما كيهبطش للبر.',
		redirect: 'tafoukt', answer: 'توصل به مكتب آخر أقرب إلى الميناء.', end: 'assign',
	},
	{
		id: 'C08', by: 'web', to: 'rif-ecoute', language: 'fr', risk: 'immediate', rings: true,
		answers: { who: 'other', region: 'MA-01', danger: 'yes', relation: 'citizen' },
		text: 'En el puerto hay una niña con un bebé que no es suyo, un hombre recoge el dinero cada hora.',
		answer: 'Gracias. Ya vamos.', end: 'assign',
	},
	{
		id: 'C09', by: 'dar-tadamoun', channel: 'hotline', language: 'fr', region: 'MA-06', risk: 'low', relation: 'neighbour', contact: 'none',
		text: 'Chez le médecin du 5e, la bonne ne sort qu’avec eux.',
		answer: 'Merci, nous avons vérifié.', end: 'assign',
	},
	{
		id: 'C10', by: 'dar-tadamoun', channel: 'partner_referral', language: 'fr', region: 'MA-06', risk: 'high', relation: 'health_worker', contact: 'phone',
		address: '+212 500 000 022', hours: '9-11', word: 'ordonnance',
		text: 'Patiente de 22 ans, fractures anciennes, accompagnée d’une “cousine” qui répond à sa place.',
		answer: 'Merci. Nous vous rappelons à 9 h.', end: 'assign',
	},
	{
		id: 'C11', by: 'jisr-afrique', channel: 'email', language: 'fr', region: 'MA-03', risk: 'immediate', rings: true, relation: 'association', contact: 'mailbox',
		text: 'Mme B., marocaine, s’est échappée de chez un couple à Lyon. Son fils de 9 ans est resté chez la mère de l’employeur à Fès. On menace de le “faire disparaître”.',
		answer: 'Pris en charge. Une personne suit cela sans arrêt.', end: 'assign',
	},
	{
		id: 'C12', by: 'nour-atfal', channel: 'letter', language: 'fr', region: 'MA-07', risk: 'medium', relation: 'lawyer', contact: 'mailbox',
		text: 'Mon client est détenu pour transport de stupéfiants. Il dit que ceux qui l’ont fait venir gardent sa sœur.',
		answer: 'Maître, nous demandons un droit de visite.', end: 'assign',
	},
];

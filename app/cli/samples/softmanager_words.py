"""The names, places and goods that the invented rows are made of."""

FIRST_NAMES = (
    "Alexandru", "Anca", "Bogdan", "Brândușa", "Călin", "Cristina", "Dănuț", "Daria", "Emil", "Felicia",
    "George", "Gheorghiță", "Ilinca", "Ionuț", "Irina", "Laurențiu", "Lucia", "Mădălina", "Matei", "Mircea",
    "Nicoleta", "Octavian", "Petruța", "Radu", "Răzvan", "Sânziana", "Sorin", "Teodora", "Tudor", "Viorica",
    "Vlăduț", "Zoe", "Amelia", "Charlotte", "Daniel", "Edward", "Hannah", "Isaac", "Lucy", "Thomas",
)  # fmt: skip
LAST_NAMES = (
    "Albu", "Bălan", "Bărbulescu", "Chiriță", "Constantinescu", "Crăciun", "Dănilă", "Enache", "Florea",
    "Ghiță", "Grigorescu", "Iancu", "Lupașcu", "Manole", "Mărginean", "Moldoveanu", "Munteanu", "Neagu",
    "Nistor", "Oprișan", "Pârvu", "Rădulescu", "Șerban", "Stănescu", "Tănase", "Țepeș", "Ungureanu", "Văduva",
    "Vlașin", "Zăvoianu", "Baker", "Clarke", "Evans", "Hughes", "MacLeod", "O'Connor", "Turner", "Wright",
)  # fmt: skip
COMPANIES = (
    "Grădina Verde", "Brutăria Veche", "Atelierul de Lemn", "Clopotul", "Izvorul Rece", "Tipografia Litera",
    "Casa cu Flori", "Ferma Însorită", "Librăria Pagina", "Cofetăria Dulce", "Florăria Bujor", "Moara din Vale",
    "Pensiunea Zimbrul",
    "Service Rapid", "Optica Clar", "Farmacia Șoimului", "Blue Harbour", "Northern Light", "Quiet Stream",
    "Stone Bridge",
)  # fmt: skip
PLACES = (
    ("Ploiești", "Prahova", "100001"), ("București", "București", "010001"), ("Cluj-Napoca", "Cluj", "400001"),
    ("Iași", "Iași", "700001"), ("Timișoara", "Timiș", "300001"), ("Brașov", "Brașov", "500001"),
    ("Târgu Mureș", "Mureș", "540001"), ("Constanța", "Constanța", "900001"), ("Râmnicu Vâlcea", "Vâlcea", "240001"),
)  # fmt: skip
STREETS = ("Str. Exemplului", "Str. Teiului", "Bd. Libertății", "Calea Nouă", "Aleea Castanilor", "Str. Școlii")
GOODS = (
    ("Abonament lunar – pachet Standard", "lună", "49.00"), ("Abonament anual – pachet Extins", "an", "890.00"),
    ("Consultanță implementare", "oră", "180.00"), ("Instruire utilizatori", "oră", "150.00"),
    ("Import de date", "buc", "320.50"), ("Șablon de factură personalizat", "buc", "95.00"),
    ("Priority support", "month", "75.00"), ("Extra storage, 10 GB", "month", "12.90"),
)  # fmt: skip
POSITIONS = ("Administrator", "Contabil", "Director", "Asistentă", "Inginer", "Office manager", "Vânzări", None)
GROUPS = ("contabilitate", "conducere", "tehnic", None)
NOTES = (
    None, None, None, "Preferă să fie sunată după ora 16.", "A cerut factura pe hârtie.", "Vorbește și engleza.",
    "Client vechi, plătește la timp.", "Call back next week – „ofertă nouă”.",
)  # fmt: skip
ACTIONS = ("sign_in", "sign_out", "invoice_created", "invoice_sent", "client_edited", "export", "sign_in_failed")
PLANS = (("standard", "49.00"), ("extended", "89.00"), ("trial", "0.00"))
REASONS = (None, "Prea scump", "Nu mai folosim serviciul", "Closed the business")

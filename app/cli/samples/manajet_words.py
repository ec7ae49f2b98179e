"""The names, places and sentences that the invented rows are made of: Latvian, and Russian as it is spoken there."""

FIRST_NAMES = (
    "Agris", "Aija", "Andris", "Anete", "Artūrs", "Baiba", "Dace", "Dzintars", "Edgars", "Elīna", "Ģirts", "Gunta",
    "Ieva", "Ilze", "Inese", "Ivars", "Jēkabs", "Juris", "Kārlis", "Ķencis", "Laura", "Līga", "Madara", "Mārtiņš",
    "Ņina", "Oskars", "Rūta", "Sarmīte", "Sandris", "Toms", "Uldis", "Valdis", "Žanete", "Zigmārs",
)  # fmt: skip
LAST_NAMES = (
    "Āboltiņš", "Balode", "Briedis", "Celmiņš", "Dūmiņš", "Eglīte", "Gailītis", "Ģēģeris", "Jansone", "Kļaviņš",
    "Ķirsone", "Lāce", "Lūsis", "Mežgailis", "Ņikitina", "Ozoliņš", "Pētersone", "Rozītis", "Šmits", "Strazdiņa",
    "Tīrumnieks", "Ūdre", "Vanags", "Zariņš", "Žagare", "Zvirbulis",
)  # fmt: skip
RUSSIAN_NAMES = (
    "Алексей Воробьёв", "Галина Щербакова", "Дмитрий Чайкин", "Елена Жукова", "Наталья Соловьёва", "Олег Цыганков",
    "Светлана Ёлкина", "Юрий Шаповалов",
)  # fmt: skip
COMPANIES = (
    "Zaļā Sala", "Baltais Bērzs", "Jūras Vējš", "Mežrozīte", "Ķieģeļnīca", "Dzintara Krasts", "Šūpoles", "Vecais Tilts",
    "Upes Līcis", "Gaišais Nams", "Čiekurs", "Saules Pļava", "Ziemeļu Zvaigzne", "Namdaris", "Rīta Rasa", "Stārķis",
)  # fmt: skip
PLACES = (
    ("Rīga", "LV-1000"), ("Daugavpils", "LV-5400"), ("Liepāja", "LV-3400"), ("Jelgava", "LV-3000"),
    ("Jūrmala", "LV-2000"), ("Ventspils", "LV-3600"), ("Rēzekne", "LV-4600"), ("Valmiera", "LV-4200"),
    ("Cēsis", "LV-4100"), ("Kuldīga", "LV-3300"),
)  # fmt: skip
STREETS = ("Parauga iela", "Ķiršu iela", "Liepu iela", "Stacijas laukums", "Vecpilsētas iela", "Brīvā iela")
POSITIONS = ("Grāmatvede", "Valdes loceklis", "Projektu vadītāja", "Noliktavas pārzinis", "Birojs", None, None)
GROUPS = ("ražošana", "pārdošana", "birojs", None)
PROJECTS = (
    "Jumta nomaiņa", "Jauna noliktava", "Mājaslapas atjaunošana", "Klientu aptauja", "Piegādes Igaunijai",
    "Ražošanas plāns", "Biroja pārcelšana", "Ремонт мастерской", "Gada inventarizācija", "Izstāde Rīgā",
)  # fmt: skip
DOCUMENTS = (
    ("Tāme", "Materiāli un darbs, bez PVN."), ("Sapulces protokols", "Vienojāmies par termiņu: nākamā mēneša beigas."),
    ("Līguma melnraksts", "Trešais punkts vēl jāsaskaņo."), ("Darbu plāns", "Sākam ar pamatiem, jumts pavasarī."),
    ("Pieņemšanas akts", None), ("Kopsavilkums", "Viss „pēc plāna”, izņemot žogu."), ("Протокол", "Срок перенесён."),
)  # fmt: skip
PLANS = (("start", "19.00"), ("team", "49.00"), ("business", "129.50"))
BROWSERS = ("Firefox 131", "Chrome 129", "Safari 17", None)
KEYS = ("Grāmatvedības saite", "Noliktava", "Uzdevumu imports")
STAFF = (
    ("Dainis Atbalsts", "support"), ("Vineta Atbalsts", "support"), ("Rihards Ieviesējs", "implementation"),
)  # fmt: skip
REASONS = ("Neveras projektu saraksts", "Rēķinu veidnes ieviešana", "Importa kļūdas meklēšana")
ACTIONS = ("opened_project_list", "changed_template", "looked_at_user", "started_import", "read_log")
TICKETS = (
    ("Neizdodas imports", "Fails ielādējas, bet rindas nav redzamas.", "Kļūda ir izlabota, lūdzu, mēģiniet vēlreiz."),
    ("Licences pagarināšana", "Kā pagarināt licenci uz gadu?", "Izvēlnē „Licence” spiediet „Pagarināt”."),
    ("Jauns lietotājs", "Kā pievienot kolēģi?", "Konta īpašnieks to dara sadaļā „Lietotāji”."),
    ("Lēni ielādējas", "No rīta viss ir ļoti lēni.", "Esam palielinājuši servera jaudu."),
    ("Не открывается отчёт", "Отчёт за сентябрь не открывается.", "Исправлено, спасибо за сообщение."),
)  # fmt: skip
TAGS = ("imports", "rēķini", "steidzami", "ātrums")
PURPOSES = ("Palīdzība ar importu", "Situācijas noskaidrošana", "Atbilde uz jautājumu", "Помощь с отчётом")

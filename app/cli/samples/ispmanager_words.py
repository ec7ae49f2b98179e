"""The names, places, products and sentences that ispmanager's invented rows are made of."""

FIRST_NAMES = (
    "Andreas", "Eleni", "Giorgos", "Despina", "Kyriakos", "Ioanna", "Panayiotis", "Chrystalla", "Marios", "Androulla",
    "Стефан", "Анна", "Алексей", "Ольга", "Дмитрий", "Наталья", "Фёдор", "Юлия", "Артём", "Светлана", "Вячеслав",
    "Любовь", "Amélie", "Jürgen", "Zoë", "Liam", "Niamh", "Søren", "Łukasz", "Márta",
)  # fmt: skip
LAST_NAMES = (
    "Christodoulou", "Hadjigeorgiou", "Charalambous", "Kyprianou", "Papadopoulou", "Ioannides", "Savva", "Theodorou",
    "Иваненко", "Ким", "Щербак", "Чернышенко", "Журавель", "Гончаренко", "Мельник", "Юнусов", "Савченко", "Ёлкин",
    "O'Brien", "Müller", "Nørgaard", "D’Angelo", "Kovács", "Dvořák", "MacCarthy", "Lefèvre",
)  # fmt: skip
COMPANIES = (
    "Aphrodite Hosting", "Cedar Cloud", "Kourion Web", "Moufflon Servers", "Kyrenia Data", "Blue Bay Internet",
    "Кипарис Хостинг", "Северный Узел", "Быстрый Сервер", "Облако Плюс", "Troodos Peak Systems", "Salt Lake Design",
)  # fmt: skip
PLACES = (
    ("Limassol", "3001", "CY"), ("Λευκωσία", "1010", "CY"), ("Larnaca", "6010", "CY"), ("Πάφος", "8010", "CY"),
    ("Алматы", "050000", "KZ"), ("Ереван", "0010", "AM"), ("Rīga", "1010", "LV"), ("Kraków", "30-001", "PL"),
    ("München", "80331", "DE"), ("Αγία Νάπα", "5330", "CY"),
)  # fmt: skip
STREETS = (
    "Example Street",
    "Leoforos Paradeigmatos",
    "улица Примерная",
    "Παραδείγματος",
    "Musterstraße",
    "Harbour Road",
)
PRODUCTS = (("lite", "5.90"), ("pro", "9.90"), ("host", "15.40"), ("business", "24.00"), ("ssl certificate", "38.50"))
METHODS = ("bank transfer", "payment service", "account balance")
NICKNAMES = ("root_cat", "admin42", "сисадмин", "ветер", "night-shift", "κύμα", None, None, None)
SYSTEMS = (
    ("Notebook 14", "Linux 6.8"), ("Notebook 15", "Windows 11"), ("Phone X", "Android 15"), ("Phone S", "iOS 19"),
    ("Рабочая станция", "ALT Linux 10"), ("Tablet", None),
)  # fmt: skip
BROWSERS = ("Firefox 145", "Chrome 142", "Safari 19", "Яндекс Браузер 25", None)
ACTIONS = (
    "panel_opened", "licence_renewed", "domain_added", "backup_started", "mailbox_created", "settings_saved",
    "ticket_opened", "user_invited",
)  # fmt: skip
GROUPS = ("support", "billing", "sales", "chat")
TALKS = {
    "en": (
        ("Licence is not active after payment", "I paid yesterday, and the panel still asks for a key.",
         "The payment has arrived; please refresh the licence."),
        ("How do I move to a new server?", "Our old machine is retired on Friday. What happens to the licence?",
         "Change the address of the server in the client area; the licence goes with it."),
        ("Certificate warns about its name", "Visitors of shop.example.org see a warning since this morning.",
         "The certificate was issued for www only. A new one is on its way."),
        ("Invoice for the accountant", "Could you send it with our full address?", "Here it is, with the address."),
    ),
    "ru": (
        ("Не активируется лицензия", "Оплатил вчера, а панель всё ещё просит ключ.",
         "Платёж поступил, обновите лицензию, пожалуйста."),
        ("Перенос на новый сервер", "В пятницу меняем сервер. Что будет с лицензией?",
         "Укажите новый адрес сервера в личном кабинете, лицензия перейдёт вместе с ним."),
        ("Ошибка при резервном копировании", "Копия в облако обрывается на 40 %.",
         "Место в облаке закончилось; освободите его и повторите."),
        ("Счёт для бухгалтерии", "Можно счёт с полным адресом?", "Прикладываем счёт с адресом."),
    ),
}  # fmt: skip
TALK_OF_SOMEBODY_ELSES_CLIENT = (
    "Мой сайт у хостинговой компании", "Удалите мои данные с сервера, на котором стоит ваша панель.",
    "Этим сервером управляет хостинговая компания; обратитесь, пожалуйста, к ней.",
)  # fmt: skip
NOTES = (None, None, None, "Prefers to be written to.", "Просит отвечать по-русски.", "Reached by phone after 16:00.")
ERRORS = (
    "Timeout while reading the list of domains", "Не удалось открыть файл журнала", "Disk quota exceeded",
    "Unexpected answer <html> instead of JSON", "Соединение с облаком разорвано",
)  # fmt: skip
RELATIONS = ("Accountant", "Системный администратор", "Business partner", None)
# The five kinds of cookies that the notice names, by whom they are set and how long they last (I-9).
COOKIES = (
    ("authorisation", "first", "session"), ("security", "first", "session"),
    ("settings and processes", "first", "permanent"), ("marketing", "third", "permanent"),
    ("analytics and stability", "third", "permanent"),
)  # fmt: skip
NEEDED_COOKIES = ("authorisation", "security")  # without them nobody can sign in

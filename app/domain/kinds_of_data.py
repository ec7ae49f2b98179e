"""What a kind of data is called where an organisation's file gives it no name (Art. 15(1)(b)): the branches of the
taxonomy that datasets use."""

from typing import Final


def _named(*names: str) -> dict[str, str]:
    return dict(zip(("en", "lv", "ru", "ro", "bg"), names, strict=True))


NAMES: Final = {
    "user": _named("Personal data", "Personas dati", "Персональные данные", "Date cu caracter personal", "Лични данни"),
    "user.account": _named("Account", "Konts", "Учетная запись", "Cont", "Потребителски профил"),
    "user.authorization": _named(
        "Sign-in data", "Pieslēgšanās dati", "Данные для входа", "Date de autentificare", "Данни за вход"
    ),
    "user.behavior": _named("Behaviour", "Rīcība", "Действия", "Comportament", "Поведение"),
    "user.biometric": _named(
        "Biometric data", "Biometriskie dati", "Биометрические данные", "Date biometrice", "Биометрични данни"
    ),
    "user.contact": _named(
        "Contact details", "Kontaktinformācija", "Контактные данные", "Date de contact", "Данни за контакт"
    ),
    "user.content": _named(
        "What you wrote or uploaded", "Jūsu rakstītais vai augšupielādētais", "Написанное или загруженное Вами",
        "Ce ați scris sau ați încărcat", "Написано или качено от Вас",
    ),
    "user.criminal_history": _named(
        "Criminal convictions", "Sodāmība", "Судимость", "Condamnări penale", "Присъди и нарушения"
    ),
    "user.demographic": _named(
        "Personal circumstances", "Personiskie apstākļi", "Личные обстоятельства", "Situație personală",
        "Лични обстоятелства",
    ),
    "user.device": _named("Devices", "Ierīces", "Устройства", "Dispozitive", "Устройства"),
    "user.financial": _named(
        "Financial data", "Finanšu dati", "Финансовые данные", "Date financiare", "Финансови данни"
    ),
    "user.government_id": _named(
        "Official numbers and documents", "Oficiālie numuri un dokumenti", "Официальные номера и документы",
        "Numere și documente oficiale", "Официални номера и документи",
    ),
    "user.health_and_medical": _named(
        "Health data", "Veselības dati", "Данные о здоровье", "Date privind sănătatea",
        "Данни за здравословното състояние",
    ),
    "user.location": _named("Location", "Atrašanās vieta", "Местоположение", "Localizare", "Местоположение"),
    "user.name": _named("Name", "Vārds un uzvārds", "Имя и фамилия", "Nume și prenume", "Име"),
    "user.payment": _named("Payments", "Maksājumi", "Платежи", "Plăți", "Плащания"),
    "user.privacy_preferences": _named(
        "Consents and wishes", "Piekrišanas un vēlmes", "Согласия и пожелания", "Consimțăminte și preferințe",
        "Съгласия и предпочитания",
    ),
    "user.sensor": _named("Sensor data", "Sensoru dati", "Данные датчиков", "Date de la senzori", "Данни от сензори"),
    "user.social": _named(
        "Contacts with others", "Saziņa ar citiem", "Связи с другими", "Relații cu alții", "Връзки с други"
    ),
    "user.telemetry": _named(
        "Technical measurements", "Tehniskie mērījumi", "Технические измерения", "Măsurători tehnice",
        "Технически измервания",
    ),
    "user.unique_id": _named(
        "Numbers that stand for you", "Jūsu identifikatori", "Ваши идентификаторы", "Identificatori", "Идентификатори"
    ),
    "user.workplace": _named("Work", "Darbs", "Работа", "Loc de muncă", "Работа"),
    "system": _named("Technical data", "Tehniskie dati", "Технические данные", "Date tehnice", "Технически данни"),
}  # fmt: skip


def known(category: str) -> str:
    """The nearest branch that has a name: user.contact.email → user.contact."""
    while category not in NAMES:
        above = category.rpartition(".")[0]
        if not above:
            return "user"
        category = above
    return category

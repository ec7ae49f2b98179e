"""SoftFirm's two databases: the registry of its users and the site, with people who are worth a look."""

from app.cli.samples.making import DemoPerson, Sample
from app.cli.samples.softfirm_rows import generate
from app.cli.samples.softfirm_tables import REGISTRY, SITE

PEOPLE = (
    DemoPerson("Игорь Соколов", "igor.sokolov@example.com", "two accounts that became one; a transfer to a court"),
    DemoPerson("Мария Кузнецова", "kuznetsovy@example.com", "shares one mailbox with her husband Пётр"),
    DemoPerson("Анна Озола", "anna.ozola@example.com", "15, from Latvia: her father Марис Озолс has consented for her"),
    DemoPerson("Алексей Смирнов", "alexey.smirnov@example.com", "a user with a namesake"),
    DemoPerson("Алексей Смирнов", "a.smirnov@example.net", "the namesake: another person with another address"),
    DemoPerson("Артём Д'Анжело", "artem.dangelo@example.com", "earlier names with =HYPERLINK and <b> in them"),
    DemoPerson("Вера Ильина", "vera.ilyina@example.com", "took back two of her three consents"),
    DemoPerson("Юрий Щербаков", "yuri.shcherbakov@example.com", "a hundred times more rows than others"),
    DemoPerson("Зоя Вопросова", "zoya.asks@example.org", "has no account: one answer to her question is in the log"),
    DemoPerson("Фёкла Ёлкина", "fekla.yolkina@example.com", "nothing is held about her"),
)

SAMPLE = Sample("softfirm", {"registry": REGISTRY, "site": SITE}, generate, PEOPLE)

"""MGT Connect's three databases: exchange, service and logs, with people who are worth a look."""

from app.cli.samples.making import DemoPerson, Sample
from app.cli.samples.mgt_rows import generate
from app.cli.samples.mgt_tables import EXCHANGE, LOGS, SERVICE

PEOPLE = (
    DemoPerson("Ana-Maria Ionescu", "ana.ionescu@example.com", "two accounts, support, a survey and a legal record"),
    DemoPerson("Мария Георгиева", "maria.georgieva@example.com", "has a namesake in the same company"),
    DemoPerson("Мария Георгиева", "m.georgieva@example.net", "the namesake: another person with another address"),
    DemoPerson("Радка Колева", "kolevi@example.com", "shares one mailbox with Стоян Колев, each with an account"),
    DemoPerson("Никола Тодоров", "nikola.todorov@example.com", "a trainee under age; his mother agreed"),
    DemoPerson("Ирина Пенчева", "irina.pencheva@example.com", "a sole trader: she is her company"),
    DemoPerson("Patrick O'Neill", "patrick.oneill@example.com", "deactivated; texts with =HYPERLINK and <script>"),
    DemoPerson("Калина Бояджиева", "kalina.boyadzhieva@example.com", "erased her account herself; some records stay"),
    DemoPerson("Димитър Щерев-Йорданов", "dimitar.shterev@example.com", "a hundred times more rows than others"),
    DemoPerson("Яна Щърбанова", "yana.shtarbanova@example.com", "nothing is held about her"),
)

SAMPLE = Sample("mgt", {"exchange": EXCHANGE, "service": SERVICE, "logs": LOGS}, generate, PEOPLE)

"""ispmanager's three systems, the client area, the help desk and the logs, with people who are worth a look."""

from app.cli.samples.ispmanager_rows import generate
from app.cli.samples.ispmanager_tables import CLIENTS, HELPDESK, LOGS
from app.cli.samples.making import DemoPerson, Sample

PEOPLE = (
    DemoPerson("Ana-Maria Ionescu", "ana.ionescu@example.com", "a user at two companies; known to others here too"),
    DemoPerson("Jānis Bērziņš", "janis.berzins@example.com", "a private client, and a trusted person of somebody else"),
    DemoPerson("Игорь Соколов", "igor.sokolov@example.com", "two accounts that were made one"),
    DemoPerson("Анна Орлова", "orlovy@example.com", "shares one mailbox with her husband Павел"),
    DemoPerson("Sofia Andreou", "sofia.andreou@example.com", "a child, with the consent of her mother"),
    DemoPerson("Eleni Andreou", "eleni.andreou@example.com", "Sofia's mother: nothing but her consent is held"),
    DemoPerson("Maria Georgiou", "maria.georgiou@example.com", "a private client with a namesake"),
    DemoPerson("Maria Georgiou", "m.georgiou@example.net", "the namesake: another person with another address"),
    DemoPerson("Liam O'Connor", "liam.oconnor@example.com", "a nickname with =1+1 and a ticket with <script>"),
    DemoPerson("Константин Волков", "konstantin.volkov@example.com", "a hundred times more rows than others"),
    DemoPerson("Катерина Лазарева", "katerina.lazareva@example.org", "a client of a hosting company: only a ticket"),
    DemoPerson("Дмитрий Лебедев", "dmitry.lebedev@example.com", "nothing is held about him"),
)

SAMPLE = Sample("ispmanager", {"clients": CLIENTS, "helpdesk": HELPDESK, "logs": LOGS}, generate, PEOPLE)

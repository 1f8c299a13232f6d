"""The words of the access package, per language, as data for a lawyer to read."""

from dataclasses import dataclass

from models.vocabulary import Language

ET, EN, RU = Language.ET, Language.EN, Language.RU


@dataclass(frozen=True, slots=True)
class Phrases:
    """Headings and sentences of the page."""

    title: str
    subtitle: str
    intro: str
    contents: str
    yes: str
    information: str
    information_intro: str
    purposes: str
    recipients: str
    no_recipients: str
    period: str
    source: str
    disclosures: str
    no_disclosures: str
    rights: str
    rights_text: str
    withdraw_text: str
    complaint: str
    complaint_text: str
    automated: str
    controller: str
    registry_code: str
    phone: str
    contact: str
    person: str
    name: str
    customer_number: str
    language: str
    identifier: str
    addresses: str
    verified: str
    primary: str
    contracts: str
    still_running: str
    representatives: str
    representative_hidden: str
    relationship_ended: str
    erase_after: str
    restricted: str
    first_recorded: str
    last_changed: str
    consents: str
    no_consents: str
    policy_version: str
    effective: str
    expires: str
    note: str
    stops: str
    stops_text: str
    cases: str
    received: str
    due: str
    closed: str
    identity: str
    acting_for: str
    their_reference: str
    notes: str
    letters_in: str
    letters_out: str
    sender: str
    to: str
    subject: str
    case: str
    attachments: str
    not_sent: str
    text_gone: str
    files: str
    files_text: str
    file_gone: str
    consultations: str
    consultations_text: str
    no_consultations: str
    times: str
    portable: str
    portable_text: str
    machine: str
    machine_text: str
    redacted: str
    redacted_text: str
    nothing: str


PHRASES: dict[Language, Phrases] = {
    ET: Phrases(
        title="Teie isikuandmed",
        subtitle="Vastus taotlusele {reference}, koostatud {day}",
        intro="Siin on andmed, mis meil teie kohta on, ja teave selle kohta, kuidas me neid "
        "töötleme. Kui midagi on puudu, valesti või arusaamatu, vastake palun meie kirjale.",
        contents="Sisukord",
        yes="Jah, me töötleme teie isikuandmeid.",
        information="Kuidas me teie andmeid töötleme",
        information_intro="Isikuandmete kaitse üldmääruse (IKÜM) artikli 15 lõike 1 järgi anname "
        "teile järgmise teabe.",
        purposes="Eesmärk ja õiguslik alus",
        recipients="Kellele võime andmeid edastada",
        no_recipients="kellelegi ei edastata",
        period="Kui kaua säilitame",
        source="Kust andmed pärinevad",
        disclosures="Kellele oleme teie andmeid edastanud",
        no_disclosures="Selles registris ei ole kirjas, et oleksime teie andmeid kellelegi "
        "edastanud.",
        rights="Teie õigused",
        rights_text="Teil on õigus taotleda andmete parandamist, kustutamist või töötlemise "
        "piiramist, esitada töötlemisele vastuväide ning saada enda esitatud andmed "
        "masinloetaval kujul.",
        withdraw_text="Antud nõusoleku saate igal ajal tagasi võtta. See ei mõjuta enne "
        "tagasivõtmist toimunud töötlemise seaduslikkust.",
        complaint="Kui te ei ole vastusega rahul",
        complaint_text="Teil on õigus esitada kaebus järelevalveasutusele ({name}, {address}, "
        "{email}) ja pöörduda kohtusse (IKÜM artiklid 77 ja 79).",
        automated="Meie kliendiandmete töötlemise põhimõtete järgi ei tehta teie kohta otsuseid "
        "üksnes automaatselt (IKÜM artikkel 22) ega edastata andmeid väljapoole Euroopa "
        "Majanduspiirkonda.",
        controller="Vastutav töötleja",
        registry_code="registrikood",
        phone="telefon",
        contact="andmekaitse kontakt",
        person="Teie andmed kliendiregistris",
        name="Nimi",
        customer_number="Kliendinumber",
        language="Suhtluskeel",
        identifier="Kood",
        addresses="Aadressid ja numbrid",
        verified="kontrollitud {moment}",
        primary="põhiline",
        contracts="Lepingud",
        still_running="kehtib",
        representatives="Esindajad",
        representative_hidden="teise inimese andmed on välja jäetud",
        relationship_ended="Kliendisuhe lõppes",
        erase_after="Kustutame hiljemalt",
        restricted="Töötlemine on piiratud alates",
        first_recorded="Registrisse kantud",
        last_changed="Viimati muudetud",
        consents="Nõusolekud",
        no_consents="Selle eesmärgi kohta ei ole nõusolekut kirjas.",
        policy_version="põhimõtete versioon {version}",
        effective="kehtib alates {moment}",
        expires="viimane kehtivuspäev: {day}",
        note="märkus",
        stops="Aadressid, millele me ei kirjuta",
        stops_text="Neile aadressidele me nimetatud eesmärgil ei kirjuta.",
        cases="Teie pöördumised",
        received="Saabunud",
        due="Vastamise tähtpäev",
        closed="Vastatud",
        identity="Isikusamasus",
        acting_for="Kelle nimel",
        their_reference="Teie viide",
        notes="Märkmed",
        letters_in="Kirjad meile",
        letters_out="Meie kirjad",
        sender="Saatja",
        to="Saaja",
        subject="Teema",
        case="Juhtum",
        attachments="Manused",
        not_sent="ei ole saadetud",
        text_gone="Kirja teksti me enam ei säilita.",
        files="Failid teistest süsteemidest",
        files_text="Need failid leidsime teie kohta teistest süsteemidest.",
        file_gone="ei ole paketis",
        consultations="Millal ja milleks on teie andmeid vaadatud",
        consultations_text="Kuupäevad ja eesmärgid on andmete vaatamise logist. Töötajate nimesid "
        "me ei avalda.",
        no_consultations="Logis ei ole kirjas, et teie andmeid oleks vaadatud.",
        times="{count} korda",
        portable="Andmed ülekandmiseks",
        portable_text="Fail portability.json sisaldab andmeid, mille olete ise meile esitanud ja "
        "mida töötleme nõusoleku või lepingu alusel (IKÜM artikkel 20). Selle saab anda teisele "
        "teenuseosutajale.",
        machine="Samad andmed masinloetaval kujul",
        machine_text="Fail data.json; selle ülesehitust kirjeldab data.schema.json.",
        redacted="[teise inimese andmed]",
        redacted_text="Teiste inimeste andmed on välja jäetud {count} kohas (IKÜM artikli 15 "
        "lõige 4).",
        nothing="Puuduvad",
    ),
    EN: Phrases(
        title="Your personal data",
        subtitle="Answer to request {reference}, made on {day}",
        intro="Here are the data we hold about you, and how we process them. If anything is "
        "missing, wrong or unclear, please reply to our letter.",
        contents="Contents",
        yes="Yes, we process personal data about you.",
        information="How we process your data",
        information_intro="Under Article 15(1) of the General Data Protection Regulation (GDPR) we "
        "give you the following information.",
        purposes="Purpose and legal basis",
        recipients="Who may be given the data",
        no_recipients="nobody",
        period="How long we keep them",
        source="Where they come from",
        disclosures="To whom we have given your data",
        no_disclosures="This register has no record of your data being given to anybody.",
        rights="Your rights",
        rights_text="You may ask us to correct or erase your data or to restrict their processing, "
        "you may object to the processing, and you may receive the data you gave us in a "
        "machine-readable form.",
        withdraw_text="You may withdraw a consent at any time. This does not affect the "
        "lawfulness of what we did before.",
        complaint="If you are not satisfied with our answer",
        complaint_text="You may complain to the supervisory authority ({name}, {address}, {email}) "
        "and you may also go to court (Articles 77 and 79 GDPR).",
        automated="Our data protection policy provides for no decisions about you by automated "
        "means alone (Article 22 GDPR), and for no transfer of data outside the European Economic "
        "Area.",
        controller="Controller",
        registry_code="registry code",
        phone="telephone",
        contact="data protection contact",
        person="Your data in the client register",
        name="Name",
        customer_number="Customer number",
        language="Language we write in",
        identifier="Code",
        addresses="Addresses and numbers",
        verified="verified {moment}",
        primary="main",
        contracts="Contracts",
        still_running="running",
        representatives="Representatives",
        representative_hidden="another person's data have been left out",
        relationship_ended="The client relationship ended on",
        erase_after="We erase them at the latest on",
        restricted="Processing restricted since",
        first_recorded="First recorded",
        last_changed="Last changed",
        consents="Consents",
        no_consents="No consent is recorded for this purpose.",
        policy_version="policy version {version}",
        effective="in effect since {moment}",
        expires="last day of validity: {day}",
        note="note",
        stops="Addresses we do not write to",
        stops_text="We do not write to these addresses for the purpose named.",
        cases="Your requests",
        received="Received",
        due="Answer due on",
        closed="Answered",
        identity="Identity",
        acting_for="On behalf of",
        their_reference="Your reference",
        notes="Notes",
        letters_in="Letters to us",
        letters_out="Letters from us",
        sender="From",
        to="To",
        subject="Subject",
        case="Case",
        attachments="Attachments",
        not_sent="not sent",
        text_gone="We no longer keep the text of this letter.",
        files="Files from other systems",
        files_text="These files about you were found in other systems.",
        file_gone="not in this package",
        consultations="When and why your data were looked at",
        consultations_text="The dates and purposes come from the log of look-ups. We do not give "
        "the names of employees.",
        no_consultations="The log has no record of your data being looked at.",
        times="{count} times",
        portable="Data to take elsewhere",
        portable_text="The file portability.json holds the data you gave us yourself and which we "
        "process on the basis of consent or a contract (Article 20 GDPR). You can hand it to "
        "another provider.",
        machine="The same data in machine-readable form",
        machine_text="The file data.json; data.schema.json describes how it is built.",
        redacted="[another person's data]",
        redacted_text="Other people's data have been left out in {count} places (Article 15(4) "
        "GDPR).",
        nothing="None",
    ),
    RU: Phrases(
        title="Ваши персональные данные",
        subtitle="Ответ на запрос {reference}, составлен {day}",
        intro="Здесь собраны данные, которые у нас есть о Вас, и сведения о том, как мы их "
        "обрабатываем. Если чего-то не хватает, что-то неверно или непонятно, пожалуйста, ответьте "
        "на наше письмо.",
        contents="Содержание",
        yes="Да, мы обрабатываем Ваши персональные данные.",
        information="Как мы обрабатываем Ваши данные",
        information_intro="В соответствии с пунктом 1 статьи 15 Общего регламента по защите данных "
        "(GDPR) сообщаем Вам следующее.",
        purposes="Цель и правовое основание",
        recipients="Кому данные могут быть переданы",
        no_recipients="никому не передаются",
        period="Срок хранения",
        source="Откуда получены данные",
        disclosures="Кому мы передавали Ваши данные",
        no_disclosures="В этом реестре нет записей о том, что Ваши данные кому-либо передавались.",
        rights="Ваши права",
        rights_text="Вы можете потребовать исправить или удалить данные либо ограничить их "
        "обработку, возразить против обработки, а также получить предоставленные Вами данные в "
        "машиночитаемом виде.",
        withdraw_text="Ранее данное согласие можно отозвать в любое время. Это не влияет на "
        "законность обработки до отзыва.",
        complaint="Если Вы не согласны с ответом",
        complaint_text="Вы вправе подать жалобу в надзорный орган ({name}, {address}, {email}) и "
        "обратиться в суд (статьи 77 и 79 GDPR).",
        automated="Наши правила обработки данных клиентов не предусматривают ни решений о Вас, "
        "принимаемых исключительно автоматически (статья 22 GDPR), ни передачи данных за пределы "
        "Европейской экономической зоны.",
        controller="Ответственный обработчик",
        registry_code="регистровый код",
        phone="телефон",
        contact="контакт по вопросам защиты данных",
        person="Ваши данные в реестре клиентов",
        name="Имя",
        customer_number="Номер клиента",
        language="Язык общения",
        identifier="Код",
        addresses="Адреса и номера",
        verified="проверено {moment}",
        primary="основной",
        contracts="Договоры",
        still_running="действует",
        representatives="Представители",
        representative_hidden="данные другого человека не приводятся",
        relationship_ended="Клиентские отношения закончились",
        erase_after="Удалим не позднее",
        restricted="Обработка ограничена с",
        first_recorded="Внесено",
        last_changed="Последнее изменение",
        consents="Согласия",
        no_consents="Согласие для этой цели не зарегистрировано.",
        policy_version="версия правил {version}",
        effective="действует с {moment}",
        expires="последний день действия: {day}",
        note="примечание",
        stops="Адреса, на которые мы не пишем",
        stops_text="На эти адреса мы не пишем с указанной целью.",
        cases="Ваши обращения",
        received="Получено",
        due="Срок ответа",
        closed="Дан ответ",
        identity="Личность",
        acting_for="От чьего имени",
        their_reference="Ваш номер",
        notes="Заметки",
        letters_in="Письма нам",
        letters_out="Наши письма",
        sender="От кого",
        to="Кому",
        subject="Тема",
        case="Дело",
        attachments="Приложения",
        not_sent="не отправлено",
        text_gone="Текст этого письма мы больше не храним.",
        files="Файлы из других систем",
        files_text="Эти файлы о Вас найдены в других системах.",
        file_gone="нет в этом пакете",
        consultations="Когда и зачем просматривали Ваши данные",
        consultations_text="Даты и цели взяты из журнала обращений к данным. Имена сотрудников мы "
        "не раскрываем.",
        no_consultations="В журнале нет записей о просмотре Ваших данных.",
        times="раз: {count}",
        portable="Данные для переноса",
        portable_text="Файл portability.json содержит данные, которые Вы предоставили нам сами и "
        "которые мы обрабатываем на основании согласия или договора (статья 20 GDPR). Его можно "
        "передать другому поставщику услуг.",
        machine="Те же данные в машиночитаемом виде",
        machine_text="Файл data.json; его устройство описано в data.schema.json.",
        redacted="[данные другого человека]",
        redacted_text="Данные других людей не приводятся; таких мест: {count} (пункт 4 статьи 15 "
        "GDPR).",
        nothing="Нет",
    ),
}

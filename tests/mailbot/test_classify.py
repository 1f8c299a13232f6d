"""Letters in, verdicts out: the labelling guide's rules in three languages."""

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailbot.classify import classify, model_version
from models.shapes import Verdict
from models.vocabulary import AskedPurpose, Decision, Language, ReadingFlag, RequestType

R = RequestType


def judged(text: str, subject: str = "", **more: object) -> Verdict:
    return classify(subject, text, [(0, len(text))], **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("Please delete my account and all personal data you hold about me.", {R.ERASURE}),
        ("Palun kustutage minu kasutajakonto koos kõigi isikuandmetega.", {R.ERASURE}),
        ("Palun kustutage minu isikuandmed oma süsteemidest.", {R.ERASURE}),
        ("Удалите, пожалуйста, мой аккаунт и все мои персональные данные.", {R.ERASURE}),
        ("Udalite, pozhalujsta, moj akkaunt i vse moi personal'nye dannye.", {R.ERASURE}),
        ("What do you know about me?", {R.INFORMATION}),
        ("Milliseid andmeid te minu kohta hoiate?", {R.INFORMATION}),
        ("Откуда у вас мой номер телефона?", {R.INFORMATION}),
        ("This is a request under Art. 15 GDPR.", {R.INFORMATION, R.COPY}),
        ("Taotlus isikuandmete kaitse üldmääruse artikli 15 alusel.", {R.INFORMATION, R.COPY}),
        ("Прошу ответить по статье 15 GDPR.", {R.INFORMATION, R.COPY}),
        ("Send me a copy of all my personal data.", {R.COPY}),
        ("Пришлите мне запись моего разговора с оператором.", {R.COPY}),
        ("Please restrict the processing of my data until this is settled.", {R.RESTRICTION}),
        ("Palun külmutage minu andmed, kuni vaidlus kestab.", {R.RESTRICTION}),
        ("Прошу ограничить обработку моих данных до решения суда.", {R.RESTRICTION}),
        ("I want my data in a machine-readable format for my new provider.", {R.PORTABILITY}),
        ("Soovin oma andmeid masinloetaval kujul, artikkel 20.", {R.PORTABILITY}),
        ("I object to the use of my data for direct marketing.", {R.OBJECTION}),
        ("Возражаю против обработки моих данных для прямого маркетинга.", {R.OBJECTION}),
        ("Esitan vastuväite minu andmete töötlemisele otseturunduseks.", {R.OBJECTION}),
        ("Please take me off your mailing list.", {R.CONSENT_WITHDRAWAL}),
        ("Отпишите меня от рассылки.", {R.CONSENT_WITHDRAWAL}),
        ("Who is your data protection officer?", {R.INQUIRY}),
        ("Kes on teil andmekaitsespetsialist?", {R.INQUIRY}),
        ("Кто у вас отвечает за защиту данных?", {R.INQUIRY}),
    ],
)
def test_a_plain_request_gets_its_labels(text: str, labels: set[RequestType]) -> None:
    assert set(judged(text).labels) == labels


@pytest.mark.parametrize(
    "text",
    [
        "Could you please send me a copy of the personal data you hold about me?",
        "Please remove my personal information from your records.",
        "I want you to stop processing my data until you have verified it.",
        "Palun lõpetage mulle reklaami saatmine.",
        "Palun kustutage minu isikuandmed.",
        "Отзываю согласие на обработку персональных данных.",
        "Прошу удалить мои персональные данные.",
    ],
)
def test_a_plain_request_is_registered_without_a_person(text: str) -> None:
    assert judged(text).decision is Decision.REGISTER


@pytest.mark.parametrize(
    "text",
    [
        "My website is down since morning, please fix.",
        "Soovin lõpetada hostingulepingu.",
        "Не могу войти в почту, пароль не подходит.",
    ],
)
def test_everyday_mail_is_ignored(text: str) -> None:
    assert judged(text).decision is Decision.IGNORE


@pytest.mark.parametrize(
    "text",
    [
        "Please delete the mailbox of Federica and the folder /old on our server.",
        "Palun kustutage serverist vanad postkastid.",
        "Удалите старый сайт с сервера, пожалуйста.",
        "Please reset the password of our hosting account.",
        "Saatke palun jaanuari arve uuesti.",
    ],
)
def test_service_work_carries_no_label(text: str) -> None:
    assert judged(text).labels == ()


@pytest.mark.parametrize(
    "text",
    [
        "Please do not delete my personal data.",
        "Palun ärge kustutage minu isikuandmeid.",
        "Пожалуйста, не удаляйте мои персональные данные.",
    ],
)
def test_a_negated_erasure_is_no_erasure(text: str) -> None:
    assert R.ERASURE not in judged(text).labels


def test_all_consents_are_all_and_stand_alone() -> None:
    verdict = judged("Consider each and every consent I ever gave you revoked.")
    assert verdict.purposes == (AskedPurpose.ALL,)


def test_a_newsletter_is_marketing_and_a_questionnaire_is_surveys() -> None:
    assert judged("Please unsubscribe me from the newsletter.").purposes == (
        AskedPurpose.MARKETING,
    )
    assert judged("Palun ärge saatke mulle enam rahuloluküsitlusi.").purposes == (
        AskedPurpose.SURVEYS,
    )


P = AskedPurpose


@pytest.mark.parametrize(
    ("text", "purposes"),
    [
        ("I withdraw my consent to the processing of my personal data.", {P.ALL}),
        ("Võtan tagasi kõik nõusolekud, mis ma teile kunagi andnud olen.", {P.ALL}),
        ("Отзываю все данные мной согласия.", {P.ALL}),
        ("I withdraw my consent. Surveys may go on, no more newsletters please.", {P.MARKETING}),
        ("Palun ärge küsige minult enam, kuidas läks. Pakkumisi võite saata.", {P.SURVEYS}),
        ("Отзываю согласие на рассылку, опросы оставьте.", {P.MARKETING}),
        ("I take back my consent to cookies and usage statistics.", {P.COOKIES, P.ANALYTICS}),
        ("Loa, et minu kasutamise kohta statistikat teete, võtan tagasi.", {P.ANALYTICS}),
        ("Не присылайте больше ни рекламу, ни опросы.", {P.MARKETING, P.SURVEYS}),
        (
            "I ticked two boxes, for your newsletter and for surveys. I withdraw both consents.",
            {P.MARKETING, P.SURVEYS},
        ),
        ("Вы присылаете анкеты. Отзываю это согласие, анкет мне не надо.", {P.SURVEYS}),
        ("Отзываю все эти согласия, сколько их ни было: рассылки, опросы.", {P.ALL}),
        ("Прошу удалить все данные обо мне, и отзываю согласие на рассылку.", {P.MARKETING}),
    ],
)
def test_a_withdrawal_names_what_goes_and_not_what_stays(
    text: str, purposes: set[AskedPurpose]
) -> None:
    assert set(judged(text).purposes) == purposes


def test_purposes_come_only_with_a_withdrawal() -> None:
    assert judged("The mail server rejects our newsletter, error 550.").purposes == ()


def test_quoted_words_outside_the_new_spans_say_nothing() -> None:
    text = "Thanks, that fixed it.\n\n> please delete all my personal data"
    assert classify("", text, [(0, 22)]).labels == ()


def test_the_subject_counts_and_its_evidence_points_into_it() -> None:
    verdict = classify("Please delete my account", "Thank you.", [(0, 10)])
    assert R.ERASURE in verdict.labels
    assert all(e.in_subject for e in verdict.evidence)
    assert verdict.evidence[0].text == "delete my account"


def test_invisible_characters_and_lookalikes_do_not_hide_a_request() -> None:
    text = "Please del\u00adete my pers\u200bonаl dаta."
    verdict = judged(text)
    assert verdict.labels == (R.ERASURE,)
    assert all(text[e.start : e.end] == e.text for e in verdict.evidence)


@pytest.mark.parametrize("text", ["Dеlеtе my pеrsоnаl dаtа.", "Удaлитe мoи пepcoнaльныe дaнныe."])
def test_a_word_half_in_another_script_is_read_in_the_script_that_has_all_its_letters(
    text: str,
) -> None:
    verdict = judged(text)
    assert (verdict.labels, verdict.decision) == ((R.ERASURE,), Decision.REGISTER)


def test_a_court_is_never_automatic_and_never_ignored() -> None:
    verdict = judged("Harju Maakohus kutsub Netpro OÜ esindaja istungile. Kohtukutse on lisatud.")
    assert verdict.decision is Decision.TRIAGE
    assert verdict.urgent
    assert verdict.labels == ()


def test_an_authority_in_russian_goes_to_a_person() -> None:
    verdict = judged("В рамках уголовного дела просим предоставить данные клиента.")
    assert (verdict.decision, verdict.urgent) == (Decision.TRIAGE, True)


@pytest.mark.parametrize(
    "text",
    [
        "Kohtutäitur palub teatada, kas võlgnikul Jaan Tammel on Teie juures lepinguid.",
        "In this enforcement case the bailiff asks for your contracts with the debtor.",
        "Налогово-таможенный департамент просит представить копии счетов за прошлый год.",
    ],
)
def test_an_official_who_is_no_court_or_police_is_ordinary_mail(text: str) -> None:
    verdict = judged(text)
    assert (verdict.decision, verdict.urgent) == (Decision.IGNORE, False)


@pytest.mark.parametrize(
    "text",
    [
        "Me räägime prefektuuriga homme kohvi kõrval, tule ka.",
        "In the film the detective never finds the letter.",
        "Грозил вчера прокурором, простите, погорячился. Сервер летает.",
    ],
)
def test_a_letter_that_only_names_an_authority_is_not_from_one(text: str) -> None:
    assert not judged(text).urgent


def test_a_person_who_names_a_court_may_still_ask_for_their_rights() -> None:
    verdict = judged(
        "Прошу ограничить обработку моих персональных данных по статье 18 GDPR, пока уездный суд "
        "не вынес определение: данные нужны мне для защиты моих прав."
    )
    assert verdict.labels == (R.RESTRICTION,)
    assert (verdict.decision, verdict.urgent) == (Decision.REGISTER, False)


@pytest.mark.parametrize(
    "text",
    [
        "If you have already paid, please disregard this reminder of invoice 10223.",
        "Never mind the firewood, it was fine.",
        "Ваш новый модем пусть полежит у вас на складе.",
    ],
)
def test_words_that_could_take_a_request_back_do_so_only_about_a_request(text: str) -> None:
    assert not judged(text).withdraws_request


@pytest.mark.parametrize("flag", [ReadingFlag.SIGNED_CONTAINER, ReadingFlag.FORWARDED_MESSAGE])
def test_a_signed_container_or_forwarded_message_goes_to_a_person(flag: ReadingFlag) -> None:
    verdict = judged("Please find our letter enclosed.", flags=frozenset({flag}))
    assert verdict.decision is Decision.TRIAGE


def test_an_unread_attachment_that_is_announced_goes_to_a_person() -> None:
    flags = frozenset({ReadingFlag.ATTACHMENT_UNREAD})
    assert judged("See attached.", "Letter", flags=flags).decision is Decision.TRIAGE


def test_words_of_an_attachment_count_when_the_letter_says_little() -> None:
    verdict = judged("See attached.", attachment_texts=("Please delete my personal data.",))
    assert verdict.labels == (R.ERASURE,)


def test_taking_a_request_back_carries_no_label() -> None:
    verdict = judged("Ignore last week's deletion request and keep my account as it was.")
    assert verdict.labels == ()
    assert verdict.withdraws_request
    assert verdict.decision is not Decision.REGISTER


@pytest.mark.parametrize(
    "text",
    [
        "Palun minu eilne kiri tähelepanuta jätta, leidsin kõik ise üles.",
        "Please treat my letter as not written; I have found what I wanted.",
        "Прошу моё обращение от вторника не рассматривать: всё нашлось.",
    ],
)
def test_whoever_takes_a_letter_back_is_known_to_and_nothing_is_registered(text: str) -> None:
    """The register knows whether there is anything to take back (guide rule 14)."""
    verdict = judged(text)
    assert verdict.withdraws_request
    assert verdict.decision is not Decision.REGISTER


def test_a_leak_is_a_possible_breach() -> None:
    assert judged("You leaked my home address to a stranger.").possible_breach


def test_their_reference_is_found_as_written() -> None:
    assert judged("Please delete my data. Our ref: FG-99120/A").their_reference == "FG-99120/A"
    assert judged("Meie viide 4-2/118. Palun vastake.").their_reference == "4-2/118"
    assert judged("Наш исх. № 12/345-А").their_reference == "12/345"
    assert judged("Our reference is kept private.").their_reference is None


def test_who_acts_for_another_is_named() -> None:
    assert judged("On behalf of my client I object to profiling.").acting_for == "lawyer"
    assert judged("Eestkostjana palun kustutada tema andmed.").acting_for == "guardian"


def test_mass_mail_is_ignored() -> None:
    text = (
        "In this issue: privacy news. You subscribed as info@netpro.ee. Unsubscribe | Preferences"
    )
    assert judged(text).decision is Decision.IGNORE


def test_an_empty_letter_is_judged_without_an_error() -> None:
    verdict = judged("")
    assert verdict.labels == ()
    assert verdict.model == model_version()


def test_another_language_is_answered_in_english_and_is_not_sure() -> None:
    verdict = judged("Hiermit verlange ich Auskunft über die gespeicherten Daten, Art. 15 DSGVO.")
    assert (verdict.language, verdict.language_sure) == (Language.EN, False)
    assert R.INFORMATION in verdict.labels


PIECES = st.sampled_from(
    ["delete my data", "kustutage minu andmed", "удалите мои данные", "\u00ad", "\u200b", "İ",
     "ﬁ", "ß", ". ", "\n\n", "- ", "õäöü", "9.4", "art. 15", "a@b.example", "😀", "не ", "\x00"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES | st.text(max_size=8), max_size=30))
def test_evidence_is_always_the_words_at_its_place(pieces: list[str]) -> None:
    text = "".join(pieces)
    verdict = judged(text)
    assert all(text[e.start : e.end] == e.text and e.text for e in verdict.evidence)
    assert 0.0 <= verdict.confidence <= 1.0
    assert verdict == dataclasses.replace(judged(text))


@pytest.mark.parametrize("word", ["delete my data ", "a@", "1.", "\n", "x" * 50, "не удаляйте "])
def test_a_huge_letter_is_read_to_an_end(word: str) -> None:
    assert judged(word * 20_000).model == model_version()


@pytest.mark.parametrize(
    "text",
    [
        "Ζητώ την άμεση διαγραφή των προσωπικών μου δεδομένων σύμφωνα με το άρθρο 17 του GDPR.",
        "依據 GDPR 第十七條,請刪除貴公司所保存的本人個人資料。",
    ],
)
def test_a_letter_we_cannot_read_that_names_the_regulation_is_seen_by_a_person(text: str) -> None:
    """Whatever the model thinks of it."""
    verdict = classify("", text, [(0, len(text))])
    assert verdict.decision is not Decision.IGNORE
    assert not verdict.language_sure

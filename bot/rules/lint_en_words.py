"""The goal lint's English words: which name a doing, which a change, which something measured. How they weigh: `lint_en.py`.

The doing verbs start from those that Google's re:Work guide on OKRs names (consult, help, analyze, participate). That a
launch is an output and its use the outcome follows Doerr (Measure What Matters), Wodtke (Radical Focus) and Seiden
(Outcomes Over Output).
"""

from bot.rules.lint_signs import Family


def any_of(words: str) -> str:
    """A pattern of words written with spaces between them; `_` stands for a space inside one."""
    return "|".join(word.replace("_", " ") for word in words.split())


DOING = {
    Family.TEACH: "train teach coach educate mentor onboard upskill tutor enable",
    Family.MEET: "conduct hold meet run attend participate join host organise organize present discuss perform do execute drive"
    " lead speak visit engage",
    Family.PUBLISH: "publish write post send share document blog draft produce record translate issue submit announce",
    Family.PROMOTE: "promote advertise market campaign sponsor",
    Family.BUILD: "launch ship build implement deliver create develop release deploy roll migrate refactor redesign design"
    " install integrate automate introduce upgrade update add make set establish transition convert merge rewrite replace"
    " open move code prototype configure fix",
    Family.STUDY: "analyze analyse review research evaluate audit assess investigate survey explore study interview examine"
    " test monitor measure track identify map benchmark compare learn understand check verify collect gather validate pilot",
    Family.ARRANGE: "plan define prepare arrange coordinate schedule align select choose agree decide prioritise prioritize"
    " standardise standardize outline propose specify clarify negotiate formalise formalize",
    Family.HIRE: "hire recruit source staff fill",
    Family.HELP: "help support assist consult advise contribute facilitate provide collaborate cooperate partner serve",
    Family.KEEP: "ensure continue maintain manage keep handle oversee work focus administer operate strengthen foster",
    Family.FINISH: "complete finish finalise finalize close process conclude resolve clear secure start begin try apply",
}
"""Doing verbs by the outcome form that fits them, in their base form."""

HELD = {
    "held": Family.MEET,
    "built": Family.BUILD,
    "written": Family.PUBLISH,
    "sent": Family.PUBLISH,
    "made": Family.BUILD,
    "taught": Family.TEACH,
    "given": Family.MEET,
    "done": Family.FINISH,
    "shipped": Family.BUILD,
    "set": Family.ARRANGE,
    "run": Family.MEET,
    "chosen": Family.ARRANGE,
    "planned": Family.ARRANGE,
    "carried": Family.MEET,
    "live": Family.BUILD,
    "available": Family.BUILD,
    "up": Family.BUILD,
}
"""Past participles that follow no pattern, and words that say as much."""

STATES = frozenset(("live", "available", "up", "set", "run"))
"""Those that tell of something done at the end of a phrase only: "portal live", "live in all markets"."""

CHANGE = frozenset(
    any_of(
        "increase raise grow improve reduce decrease lower cut shorten boost lift expand double triple halve drop minimise"
        " minimize maximise maximize accelerate speed achieve reach attain hit exceed win gain earn retain save eliminate"
        " generate sign attract sell bring get stay limit acquire obtain keep maintain move hold contribute convert secure"
        " receive be have drive restore recover prevent avoid remove beat surpass extend widen strengthen enhance optimise"
        " optimize enlarge push scale"
    ).split("|")
)
BOTH = frozenset(("keep", "maintain", "move", "hold", "contribute", "convert", "secure", "strengthen", "drive"))
"""Doing verbs that name a change where something measured follows."""

BETTER = frozenset(("improve", "expand", "enhance", "optimise", "optimize", "extend", "strengthen", "scale"))
"""Changes that are a doing while nothing is measured: "improve the documentation"."""

STILL = frozenset(("continue", "work", "focus", "ensure", "support", "help", "assist"))
"""Doing that never ends, and so weighs more."""

OBJECTS = {
    Family.TEACH: any_of("trainings? courses? coaching workshops? onboarding curriculum"),
    Family.STUDY: any_of("interviews? surveys? audits? reviews? analys[ie]s assessments? research experiments? benchmarks?"),
    Family.PROMOTE: any_of("campaigns? webinars? adverts? promotions?"),
    Family.PUBLISH: any_of(
        "posts? articles? newsletters? documentation handbook case_study case_studies reports? guides? videos? assets?"
    ),
    Family.ARRANGE: any_of("process(?:es)? framework strateg(?:y|ies) policy policies plans? program(?:me)? roadmap"),
    Family.HIRE: any_of("candidates? hires?"),
}
"""What is done tells more than a general verb does: "conduct three trainings" is teaching."""
GENERAL = frozenset((Family.MEET, Family.BUILD, Family.FINISH, Family.HELP, Family.KEEP))

NOUN_LIKE = frozenset(
    any_of(
        "review support run publish help test design release process market train plan research survey post share work check"
        " pilot close open deploy launch start document audit hold drive lead"
    ).split("|")
)
"""Doing words that are nouns as well; an -ing form always may be."""
COMPOUND = any_of(
    "rates? times? requests? tickets? coverage costs? desk shares? ratios? scores? frequency latency quality duration queues?"
    " accuracy volume responses? satisfaction success conversions? speed throughput errors? defects? results changes? views?"
)
"""What makes a noun of the doing word before it: review time, support requests."""

MEASURED = any_of(
    "rates? ratios? scores? times? duration latency uptime availability coverage requests? tickets? costs? revenues? sales"
    " margins? profit shares? churn retention conversions? renewals? adoption usage satisfaction engagement nps csat arr mrr"
    " ltv cac mttr leads? sign-?ups? subscribers? visits? visitors? traffic downloads? installs? orders? incidents? outages?"
    " defects? bugs? errors? complaints? escapes? findings vulnerabilities throughput frequency velocity accuracy quality"
    " pipeline backlog cycle lead-time wait points? spend spending savings turnover attrition absences? dau mau wau users"
    " volume value headcount promoter click-thrus? clicks bookings income productivity deploys desk responses? results"
    " acceptance loss(?:es)? rank"
)

PEOPLE = any_of(
    "customers? clients? users? employees? staff people managers? teams? hires developers? engineers? colleagues? members?"
    " buyers? readers? candidates? partners? visitors? students? patients? accounts? sales marketing support finance leaders?"
    " everybody everyone nobody anyone departments? merchants? subscribers? owners? citizens? families parents? companies"
    " newcomers? starters? applicants? suppliers? guests? drivers? agents? reps? sdrs? designers? analysts? investors?"
    " founders? nurses? clinics? schools? hospitals? neighbou?rs? workers? technicians? librarians? guardians? physicians?"
)

BEHAVIOUR = any_of(
    "us(?:e|es|ing) says? saying rates? rating recommend(?:s|ing)? would commits?"
    " rel(?:y|ies|ying) run running buys? buying renews? adopts? returns?"
    " stays? pays? paying waits? finds? trusts? choos(?:e|es|ing) complet(?:e|es) logs? opens? reports? know knows feels? gets?"
    " receives? answers? needs? have has reach(?:es)? spends? switch(?:es)? prefers? who"
)
"""What somebody else does."""

DELIVERABLE = any_of(
    "documentation process(?:es)? framework strategy strategies model dashboard reporting reports? program(?:me)? plans? policy"
    " policies handbook guides? assets? version prototype templates? visuals? roadmap analysis iterations? deliverables?"
    " assessment playbook guidelines? manual concept proposal architecture infrastructure release economics management"
    " checklist curriculum materials? mvp tool tooling"
)
DOINGS = any_of(
    "workshops? trainings? posts? articles? meetings? sessions? newsletters? campaigns? interviews? demos? webinars? events?"
    " iterations? deliverables? assets? reviews? audits? reports? calls? presentations? talks? case_studies conferences?"
    " episodes? videos? surveys? experiments? office_hours visits_to emails? courses? blogs? prototypes? features? candidates"
    " hires? cycles? paths indicators personas tests"
)
"""What is counted where doing is counted; also units."""

CHANGES = any_of(" ".join(sorted(CHANGE)))

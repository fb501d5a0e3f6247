// The words of the page around the conversation. What Rondo itself says comes from the server.

const EN = {
  skip: "Skip to the message box", playground: "playground", clock: "Clock", moves: "Let time pass",
  day: "+1 day", week: "+1 week", next: "Next thing that happens", nextFrom: "from {when}", nextNone: "nothing planned",
  moving: "Time passes …", skin: "Show every card as in", theme: "Light or dark", people: "People",
  whom: "Whom to be", conversation: "Conversation", messages: "Messages", home: "Home",
  homeTitle: "Home of {name}", write: "Write to Rondo", writeTo: "Write to Rondo as {name}", commands: "Commands",
  send: "Send", feed: "What just happened", feedLead: "Every decision Rondo takes, with its reason.",
  empty: "Nothing here yet. Rondo writes when there is something to ask; or write first.",
  manager: "reports to {name}", hr_admin: "HR admin", json: "JSON", copy: "Copy", copied: "Copied",
  showAs: "Show this card as in", edited: "edited", you: "You", unread: "{count} unread", app: "APP",
  newMessage: "New message from Rondo: {words}", changedMessage: "Rondo changed a message: {words}",
  arrived: "{names} heard from Rondo", arrivedOpen: "Open", nothing: "Nothing happens in the next five weeks.",
  passed: "It is {when}. Nothing new in chat.", close: "Close", optional: "(optional)", fieldsWrong: "Please look at the marked fields.", choose: "–",
  formView: "Show this form as in", notDrawn: "This platform cannot draw it: {words}", offline: "The server does not answer. Is it still running?",
  feedEmpty: "Nothing yet. Let time pass.", andMore: "{names} and {count} more",
  welcomeTitle: "Three things to try",
  welcomeLead: "Rondo asks for a short weekly check-in, notices when a goal stalls, and brings the right decision to the right manager. Everybody here is invented; only the clock is yours.",
  tryNext: "Let time pass", tryNextHow: "Jump to the next thing that happens: on Thursday at ten, wherever people are, their check-in arrives.",
  trySay: "Answer in plain words", trySayHow: "As {name}, write “launch at 40%, blocked by legal”.",
  tryManager: "Be the manager", tryManagerHow: "A committed goal with a blocker, or “I need a decision”, brings {name} a card to decide on. Look at that chat.",
  dismiss: "Got it", channel: "team channel", channelAs: "team channel · you write here as {name}",
};

const KO = {
  skip: "메시지 입력란으로 건너뛰기", playground: "플레이그라운드", clock: "시계", moves: "시간 보내기",
  day: "+1일", week: "+1주", next: "다음에 일어날 일로", nextFrom: "{when}부터", nextNone: "예정된 일 없음",
  moving: "시간이 흐르는 중…", skin: "모든 카드를 다음 모양으로 보기", theme: "밝게 또는 어둡게", people: "사람들",
  whom: "누구로 대화할지", conversation: "대화", messages: "메시지", home: "홈",
  homeTitle: "{name} 님의 홈", write: "Rondo에게 쓰기", writeTo: "{name} 님으로 Rondo에게 쓰기", commands: "명령",
  send: "보내기", feed: "방금 일어난 일", feedLead: "Rondo가 내린 모든 결정과 그 이유입니다.",
  empty: "아직 대화가 없습니다. 물어볼 것이 생기면 Rondo가 먼저 말을 겁니다. 먼저 말을 걸어도 됩니다.",
  manager: "관리자: {name}", hr_admin: "HR 관리자", json: "JSON", copy: "복사", copied: "복사했습니다",
  showAs: "이 카드를 다음 모양으로 보기", edited: "수정됨", you: "나", unread: "읽지 않음 {count}", app: "앱",
  newMessage: "Rondo의 새 메시지: {words}", changedMessage: "Rondo가 메시지를 고쳤습니다: {words}",
  arrived: "Rondo가 {names} 님에게 메시지를 보냈습니다", arrivedOpen: "열기", nothing: "앞으로 5주 동안 아무 일도 없습니다.",
  passed: "지금은 {when}입니다. 새 메시지가 없습니다.", close: "닫기", optional: "(선택 사항)", fieldsWrong: "표시된 항목을 확인해 주세요.", choose: "–",
  formView: "이 양식을 다음 모양으로 보기", notDrawn: "이 플랫폼에서는 그릴 수 없습니다: {words}", offline: "서버가 응답하지 않습니다. 아직 실행 중인가요?",
  feedEmpty: "아직 없습니다. 시간을 보내 보세요.", andMore: "{names} 외 {count}명",
  welcomeTitle: "이렇게 시작해 보세요",
  welcomeLead: "Rondo는 매주 짧은 체크인을 묻고, 멈춘 목표를 알아차리고, 필요한 결정을 알맞은 관리자에게 가져갑니다. 이곳의 사람들은 모두 가상 인물이고, 시계는 직접 움직일 수 있습니다.",
  tryNext: "시간 보내기", tryNextHow: "다음에 일어날 일로 건너뛰세요. 목요일 오전 10시, 각자의 시간에 맞춰 체크인이 도착합니다.",
  trySay: "평소 말로 답하기", trySayHow: "{name} 님으로 “출시 40%, 법무 때문에 막힘”이라고 써 보세요.",
  tryManager: "관리자가 되어 보기", tryManagerHow: "약속 목표가 막히거나 결정을 요청하면 {name} 님에게 결정 카드가 갑니다. 그 대화를 열어 보세요.",
  dismiss: "알겠습니다", channel: "팀 채널", channelAs: "팀 채널 · {name} 님으로 씁니다",
};

export const EXAMPLES = {
  en: ["/checkin", "all on track", "launch at 40%, blocked by legal", "snooze 2h", "/goals", "/rondo help"],
  ko: ["/checkin", "모두 순조로움", "출시 40%, 법무 때문에 막힘", "2시간 뒤에", "/goals", "/rondo help"],
};

export const COMMANDS = [
  ["/checkin", "your check-in of this week", "이번 주 체크인"],
  ["/checkin skip", "skip this week", "이번 주 건너뛰기"],
  ["/checkin snooze 2h", "ask again later", "나중에 다시 묻기"],
  ["/checkin history", "your last check-ins", "지난 체크인"],
  ["/goals", "your goals", "내 목표"],
  ["/away till Monday", "nothing is asked until you are back", "돌아올 때까지 묻지 않기"],
  ["/away back", "you are back", "다시 일하기"],
  ["/team post here", "in a team channel: a weekly post", "팀 채널에서: 주간 게시 켜기"],
  ["/team post off", "no weekly post any more", "주간 게시 끄기"],
  ["/nudges show", "all thresholds (HR)", "모든 기준값 (HR)"],
  ["/nudges set goal.stalled 10d because we move fast", "change a threshold (HR)", "기준값 바꾸기 (HR)"],
  ["/rondo why", "why you got the last message", "마지막 메시지를 받은 이유"],
  ["/rondo language ko", "speak Korean", "한국어로"],
  ["/rondo language en", "speak English", "영어로"],
  ["/rondo help", "what Rondo understands", "도움말"],
];

export function words(language, key, names = {}) {
  const phrase = (language === "ko" ? KO : EN)[key] ?? EN[key] ?? key;
  return phrase.replace(/\{(\w+)\}/g, (_, name) => names[name] ?? "");
}

// ---------------------------------------------------------------- the ledger, for people who see it for the first time

const HAPPENED = {
  en: {
    "checkin:answered": "{who} checked in", "checkin:edited": "{who} changed a check-in", "checkin:skipped": "{who} skips this week",
    "checkin:snoozed": "{who} wants to be asked later", "checkin:excused": "{who} is away, nothing is asked",
    "checkin:opened": "A check-in opened for {who}", "checkin:missed": "{who}’s check-in stayed open",
    "escalation:opened": "A decision about {who}’s goal is needed", "escalation:acknowledged": "The decision about {who}’s goal was acknowledged",
    "escalation:decided": "{who}’s goal: decided", "escalation:climbed": "No answer: the decision goes one step up",
    "escalation:handed": "{holder} is asked to decide", "escalation:reminded": "The decision is still open: reminded",
    "escalation:impossible": "Nobody could be asked for a decision",
    "team:channel": "The weekly post of a team was turned on or off", "team:posted": "A team’s weekly post", "team:summed": "A team’s monthly summary",
    "policy:changed": "{who} changed a threshold", "privacy:shown": "{who} was told what Rondo stores", "person:language": "{who} chose a language",
    "goal:measured": "A machine reported a key result of {who}", "absence:set": "{who} will be away", "absence:ended": "{who} is back",
    "import:people:applied": "The people were imported", "import:goals:applied": "The goals were imported", queued: "{rule}: Rondo wrote to {who}", held: "{rule}: held back for {who}",
    withdrawn: "{rule}: no longer true, withdrawn", delivered: "{rule}: reached {who}", undelivered: "{rule}: did not reach {who}",
    "import:leave:applied": "The leave was imported", "goal:asked": "{who} was asked by their manager",
    "duty:blocker:opened": "{who} named an obstacle", "duty:blocker:changed": "{who} changed an obstacle", "duty:blocker:closed": "{who}’s obstacle is gone",
    "duty:one_on_one:opened": "{who}’s goal is on the list for a 1:1", "duty:one_on_one:closed": "{who}’s item was talked about",
    "goal:drafted": "{who} is writing a goal", "goal:edited": "{who} changed a goal",
    "goal:proposed": "{who}’s goal waits for approval", "goal:approved": "{who}’s goal was approved",
    "goal:returned": "{who} was asked to change a goal", "goal:discarded": "{who} dropped a draft",
    "goal:change_asked": "{who} asked for a change of a goal", "goal:revised": "A change of {who}’s goal holds from now on",
    "goal:graded": "{who}’s goal was closed with its grade", "goal:regraded": "{who} changed a grade",
    "goal:carried": "{who} carries a goal into the next cycle", "goal:delivered": "A team’s part of {who}’s goal was marked",
    "kpi:saved": "{who} watches a number", "kpi:changed": "{who} updated a number",
    "kpi:promoted": "{who} made a number a key result", "kpi:dropped": "{who} stopped watching a number",
    "duty:approval:opened": "A request for approval of {who}’s goal", "duty:approval:closed": "The request for approval of {who}’s goal is answered",
    "duty:stop:opened": "{who} put something on the stop list", "duty:stop:closed": "{who} took something off the stop list",
    "one_on_one:slot": "{who}’s 1:1 has a time", "person:digest": "{who} chose a time for the digest",
    "escalation:handed_over": "The decision was handed over to {holder}", "escalation:covered": "{holder} stands in and is asked to decide",
    "escalation:talk_first": "To be talked about first", "escalation:stranded": "The decision waits, nobody further up can be asked",
    "escalation:asked_again": "{holder} is asked again to decide", "escalation:reopened": "{who}’s goal: the date passed, the decision is open again",
    "escalation:followed": "{who}’s goal: something has changed since the decision", "escalation:withdrawn": "{who}’s goal: no decision is needed any more",
    "escalation:unanswered": "{who}’s goal: closed without a decision", "escalation:redrawn": "A message shows how the decision stands",
    "decision:shown": "The whole request was shown", "digest:composed": "A digest for {who}", "privacy:read": "Somebody read {who}’s words",
    "privacy:concern": "{who} told the named contact something", "privacy:erasure-requested": "{who} asked to be forgotten",
    "privacy:erasure-cancelled": "{who} took that back",
    "duty:review:closed": "{who}’s review was held", "cycle:prepared": "{who} answered the questions for the next cycle", "cycle:wrapped_up": "{who} wrapped up",
    acted: "{rule}: acted on by {who}", over: "{rule}: no longer true for {who}", snoozed: "{rule}: put off by {who}",
    muted: "{rule}: muted by {who}", unmuted: "{rule}: wanted again by {who}", not_useful: "{rule}: not useful, says {who}",
  },
  ko: {
    "checkin:answered": "{who} 님이 체크인했습니다", "checkin:edited": "{who} 님이 체크인을 고쳤습니다", "checkin:skipped": "{who} 님이 이번 주를 건너뜁니다",
    "checkin:snoozed": "{who} 님이 나중에 답하기로 했습니다", "checkin:excused": "{who} 님은 부재 중이라 묻지 않습니다",
    "checkin:opened": "{who} 님의 체크인이 열렸습니다", "checkin:missed": "{who} 님의 체크인에 답이 없었습니다",
    "escalation:opened": "{who} 님의 목표에 결정이 필요합니다", "escalation:acknowledged": "{who} 님 목표의 결정 요청을 확인했습니다",
    "escalation:decided": "{who} 님의 목표: 결정됨", "escalation:climbed": "답이 없어 한 단계 위로 올립니다",
    "escalation:handed": "{holder} 님에게 결정을 요청합니다", "escalation:reminded": "아직 결정되지 않아 다시 알렸습니다",
    "escalation:impossible": "결정을 요청할 사람이 없습니다",
    "team:channel": "팀의 주간 게시를 켜거나 껐습니다", "team:posted": "팀의 주간 게시", "team:summed": "팀의 월간 요약",
    "policy:changed": "{who} 님이 기준값을 바꿨습니다", "privacy:shown": "{who} 님에게 Rondo가 저장하는 것을 알렸습니다", "person:language": "{who} 님이 언어를 골랐습니다",
    "goal:measured": "시스템이 {who} 님의 핵심 결과를 보고했습니다", "absence:set": "{who} 님이 자리를 비웁니다", "absence:ended": "{who} 님이 돌아왔습니다",
    "import:people:applied": "사람들을 가져왔습니다", "import:goals:applied": "목표를 가져왔습니다", queued: "{rule}: {who} 님에게 썼습니다", held: "{rule}: {who} 님에게는 보류",
    withdrawn: "{rule}: 더는 맞지 않아 거두었습니다", delivered: "{rule}: {who} 님에게 도착", undelivered: "{rule}: {who} 님에게 닿지 못함",
    "import:leave:applied": "휴가를 가져왔습니다", "goal:asked": "관리자가 {who} 님에게 물었습니다",
    "duty:blocker:opened": "{who} 님이 걸림돌을 알렸습니다", "duty:blocker:changed": "{who} 님이 걸림돌을 고쳤습니다", "duty:blocker:closed": "{who} 님의 걸림돌이 사라졌습니다",
    "duty:one_on_one:opened": "{who} 님의 목표를 1:1에서 이야기하기로 했습니다", "duty:one_on_one:closed": "{who} 님과 1:1에서 이야기했습니다",
    "goal:drafted": "{who} 님이 목표를 쓰고 있습니다", "goal:edited": "{who} 님이 목표를 고쳤습니다",
    "goal:proposed": "{who} 님의 목표가 승인을 기다립니다", "goal:approved": "{who} 님의 목표가 승인되었습니다",
    "goal:returned": "{who} 님에게 수정을 요청했습니다", "goal:discarded": "{who} 님이 초안을 버렸습니다",
    "goal:change_asked": "{who} 님이 목표 변경을 요청했습니다", "goal:revised": "{who} 님의 목표 변경이 적용됩니다",
    "goal:graded": "{who} 님의 목표를 평가하고 마감했습니다", "goal:regraded": "{who} 님이 평가를 고쳤습니다",
    "goal:carried": "{who} 님이 목표를 다음 주기로 이어 갑니다", "goal:delivered": "{who} 님 목표의 팀별 결과를 표시했습니다",
    "kpi:saved": "{who} 님이 지표를 지켜봅니다", "kpi:changed": "{who} 님이 지표를 업데이트했습니다",
    "kpi:promoted": "{who} 님이 지표를 핵심 결과로 만들었습니다", "kpi:dropped": "{who} 님이 지표를 더는 지켜보지 않습니다",
    "duty:approval:opened": "{who} 님 목표의 승인 요청", "duty:approval:closed": "{who} 님 목표의 승인 요청에 답이 왔습니다",
    "duty:stop:opened": "{who} 님이 중단 목록에 올렸습니다", "duty:stop:closed": "{who} 님이 중단 목록에서 내렸습니다",
    "one_on_one:slot": "{who} 님의 1:1 시간이 정해졌습니다", "person:digest": "{who} 님이 다이제스트 시간을 골랐습니다",
    "escalation:handed_over": "결정을 {holder} 님에게 넘겼습니다", "escalation:covered": "{holder} 님이 대신 결정을 요청받습니다",
    "escalation:talk_first": "먼저 이야기하기로 했습니다", "escalation:stranded": "더 물을 사람이 없어 결정이 기다립니다",
    "escalation:asked_again": "{holder} 님에게 결정을 다시 요청합니다", "escalation:reopened": "{who} 님의 목표: 날짜가 지나 결정이 다시 열렸습니다",
    "escalation:followed": "{who} 님의 목표: 결정 뒤에 바뀐 것이 있습니다", "escalation:withdrawn": "{who} 님의 목표: 결정이 더는 필요하지 않습니다",
    "escalation:unanswered": "{who} 님의 목표: 결정 없이 닫혔습니다", "escalation:redrawn": "메시지에 결정의 현재 상태를 보여 줍니다",
    "decision:shown": "요청 전체를 보여 주었습니다", "digest:composed": "{who} 님의 다이제스트", "privacy:read": "누군가 {who} 님의 글을 읽었습니다",
    "privacy:concern": "{who} 님이 정해진 담당자에게 우려를 전했습니다", "privacy:erasure-requested": "{who} 님이 삭제를 요청했습니다",
    "privacy:erasure-cancelled": "{who} 님이 삭제 요청을 거두었습니다",
    "duty:review:closed": "{who} 님의 리뷰를 마쳤습니다", "cycle:prepared": "{who} 님이 다음 주기 질문에 답했습니다", "cycle:wrapped_up": "{who} 님이 마무리했습니다",
    acted: "{rule}: {who} 님이 반응함", over: "{rule}: {who} 님에게 더는 해당 없음", snoozed: "{rule}: {who} 님이 미룸",
    muted: "{rule}: {who} 님이 음소거함", unmuted: "{rule}: {who} 님이 다시 받음", not_useful: "{rule}: {who} 님에게 도움이 안 됨",
  },
};

export const RULES = {
  en: {
    "checkin.prompt": "Weekly check-in", "checkin.reminder": "Reminder", "goal.stalled": "Stalled goal",
    "goal.commitment_at_risk": "Commitment at risk", "escalation.acknowledge": "Waiting for a manager", "escalation.decide": "Decision",
    "checkin.missed": "Missed check-ins", "goal.flatline": "Numbers that stand still", "goal.off_pace": "Behind the plan",
    "blocker.unresolved": "Obstacle", "one_on_one.open_items": "1:1 item", "kpo.review": "New hire’s review",
    "team.post": "Team’s weekly post", "team.summary": "Team’s monthly summary",
    "goal.approval": "Approval", "cycle.next": "Drafts for the next cycle", "manager.digest": "Manager’s digest", "one_on_one.agenda": "1:1 agenda",
    "review.overdue": "Review to be held", "cycle.prepare": "Next cycle", "cycle.wrap_up": "Wrap-up",
  },
  ko: {
    "checkin.prompt": "주간 체크인", "checkin.reminder": "다시 알림", "goal.stalled": "멈춘 목표",
    "goal.commitment_at_risk": "위험한 약속 목표", "escalation.acknowledge": "관리자 확인 대기", "escalation.decide": "결정",
    "checkin.missed": "답이 없던 체크인", "goal.flatline": "멈춘 숫자", "goal.off_pace": "계획보다 늦음",
    "blocker.unresolved": "걸림돌", "one_on_one.open_items": "1:1 이야기", "kpo.review": "신규 입사자 리뷰",
    "team.post": "팀 주간 게시", "team.summary": "팀 월간 요약",
    "goal.approval": "승인", "cycle.next": "다음 주기 초안", "manager.digest": "관리자 다이제스트", "one_on_one.agenda": "1:1 안건",
    "review.overdue": "남은 리뷰", "cycle.prepare": "다음 주기", "cycle.wrap_up": "마무리",
  },
};

export function happened(entry, who, holder, language) {
  const phrases = HAPPENED[language] ?? HAPPENED.en;
  const parts = entry.name.split(":");
  const last = parts[parts.length - 1];
  const ruleName = parts.length > 2 ? parts.slice(1, -1).join(":") : entry.rule;
  const rule = (RULES[language] ?? RULES.en)[ruleName] ?? ruleName ?? "";
  const phrase = phrases[entry.name] ?? (parts[0] === "nudge" ? phrases[last] : undefined) ?? HAPPENED.en[entry.name];
  if (phrase) return phrase.replace(/\{(\w+)\}/g, (_, name) => ({ who, rule, holder })[name] ?? "");
  return `${parts.join(" · ").replaceAll("_", " ")}${who ? ` (${who})` : ""}`;
}

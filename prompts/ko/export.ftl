export-section = { $name ->
    [version] 이 형식의 판
    [profile] 프로필
    [accounts] 채팅 계정
    [directory] 회사 명부에 적힌 정보
    [goals] 목표
    [key_figures] 지켜보는 지표
    [check_ins] 체크인
    [requests_for_decisions] 결정 요청: 요청하신 것과 요청받으신 것
    [obligations] 1:1 안건, 장애물, 승인, 우려
    [policies] 직접 정하셨거나 본인에게만 적용되는 기준
    [channels] 연결하신 팀 채널
    [messages] 받으신 메시지
    [said] 두 번 말하지 않도록 이미 알려 드린 것
    [reads] 내 글을 읽은 사람
    [ledger] 나에 대한 기록부
   *[other] { $name }
}
export-field = { $name ->
    [id] 식별자
    [email] 이메일
    [name] 이름
    [manager_id] 관리자
    [deputy_id] 대리인
    [department] 부서
    [team] 팀
    [country] 국가
    [zone] 시간대
    [locale] 회사에서 받은 언어
    [work_days] 근무 요일 (0은 월요일)
    [work_hours] 근무 시간
    [start_date] 첫 근무일
    [end_date] 마지막 근무일
    [role] 역할
    [known_since] 등록된 때
    [language] 고르신 언어
    [chat_zone] 채팅의 시간대
    [chat_locale] 채팅의 언어
    [welcomed] 첫 안내를 보았는지
    [absences] 부재
    [mutes] 음소거
    [digest_when] 다이제스트 시각
    [one_on_one] 1:1 시각
    [prefers] 먼저 쓰는 곳
    [erase_at] 삭제 예정
    [changed_at] 마지막 변경
    [platform] 플랫폼
    [tenant] 워크스페이스 또는 테넌트
    [user] 계정
    [person_id] 사람
    [route] 대화
    [last_seen] 마지막 사용
    [gone_count] 플랫폼이 잇달아 거절한 횟수
    [source] 출처
    [external_id] 그곳의 식별자
    [user_name] 사용자 이름
    [wrote] 받은 그대로
    [manager_ref] 받은 그대로의 관리자
    [deleted] 그곳에서 삭제됨
    [owner_id] 담당자
    [title] 제목
    [type] 유형
    [cycle] 주기
    [why] 이유
    [parent_id] 상위 목표
    [coordinator_id] 조율자
    [status] 상태
    [updated_at] 마지막 업데이트
    [answered_at] 답한 때
    [kind] 종류
    [state] 진행
    [question] 배움의 질문
    [contributions] 기여
    [revisions] 변경
    [closing] 마무리
    [carried_from] 이어받은 목표
    [approved_at] 승인된 때
    [approved_by] 승인한 사람
    [key_results] 핵심 결과
    [goal_id] 목표
    [text] 글
    [unit] 단위
    [start] 시작
    [target] 목표값
    [current] 현재
    [due] 기한
    [position] 순서
    [low] 하한
    [high] 상한
    [promoted_to] 목표로 바뀜
    [dropped_at] 그만둔 때
    [period] 주
    [asked_at] 물어본 때
    [grace_ends_at] 늦은 것으로 보는 때
    [answers] 답
    [wins] 잘된 일
    [adjust] 조정할 것
    [loss] 조정하지 않으면 잃는 것
    [private_note] 관리자에게 남긴 비공개 메모
    [skip_reason] 건너뛴 이유
    [snoozed_until] 미룬 시각
    [reminders] 다시 알림
    [card] 메시지
    [shown] 양식을 연 때
    [draft] 임시 저장
    [policy] 기준의 판
    [values] 수치
    [confidence] 자신감
    [note] 메모
    [blocker] 장애물
    [cause] 원인
    [remover] 풀 수 있는 사람
    [opened_at] 열린 때
    [ladder] 차례로 묻는 사람
    [step] 단계
    [holder_id] 맡은 사람
    [shown_at] 보여 준 때
    [acknowledged_at] 확인한 때
    [reminded_at] 다시 알린 때
    [decided_at] 결정된 때
    [decided_by] 결정한 사람
    [choice] 결정
    [requested] 직접 요청함
    [acknowledge_within] 확인 기한
    [decide_within] 결정 기한
    [cards] 보여 준 곳
    [handed_by] 넘긴 사람
    [suggested_id] 결정할 수 있는 사람
    [waits] 기다림
    [reopened] 다시 물음
    [followed_at] 후속 확인
    [ended] 끝난 때
    [log] 있었던 일
    [next_holder_id] 다음 사람
    [done_at] 끝낸 때
    [done_by] 끝낸 사람
    [topic] 주제
    [version] 판
    [at] 때
    [author] 정한 사람
    [threshold] 기준
    [scope_kind] 적용 범위
    [scope_name] 적용 대상
    [value] 값
    [reason] 이유
    [opened_by] 연결한 사람
    [on] 사용 중
    [posted] 올린 것
    [summed] 요약한 것
    [lost] 닿지 않음
    [key] 키
    [recipient_id] 받는 사람
    [rule] 규칙
    [subjects] 대상
    [subject] 대상
    [facts] 사실
    [on_doubt] 확실하지 않으면
    [failure] 실패
    [attempt] 시도
    [doubtful_since] 불확실해진 때
    [lost_until] 잃었을 수 있는 때
    [resent] 다시 보냄
    [delivered_at] 전해진 때
    [expires_at] 이후에는 보내지 않음
    [receipt] 접수
    [stage] 단계
    [basis] 근거
    [times] 횟수
    [outcome] 결과
    [first] 시작
    [last] 끝
    [part] 하루 중
    [until] 까지
    [deliverable] 결과물
    [delivered] 전해짐
    [number] 번호
    [by] 한 사람
    [changes] 변경
    [approved] 승인
    [answered_by] 답한 사람
    [field] 항목
    [before] 이전
    [after] 이후
    [learned] 배운 것
    [reached] 달성
    [score] 점수
    [explanation] 설명
    [next] 다음
    [who] 사람
    [to] 받는 사람
    [message] 메시지
    [since] 부터
    [minutes] 분
    [goal] 목표
    [goals] 목표
    [fields] 항목
    [items] 개수
    [address] 곳
    [place] 대화
    [read] 읽은 때
    [answered] 답
    [told] 알린 때
    [tried] 닿지 않은 사람
    [unheard] 읽지 않은 때
    [erasure] 삭제
    [created] 새로 생김
    [changed] 바뀜
    [unchanged] 그대로
    [warnings] 주의
   *[other] { $name }
}
export-value = { $name ->
    [yes] 예
    [no] 아니요
    [on_track] 순조로움
    [at_risk] 위험
    [off_track] 지연
    [open] 열림
    [on_time] 제때
    [late] 늦음
    [skipped] 건너뜀
    [missed] 답 없음
    [committed] 약속
    [aspirational] 도전
    [learning] 학습
    [objective] 목표
    [kpo] 성과 목표
    [draft] 초안
    [proposed] 제안됨
    [active] 진행 중
    [closed] 종료
    [discarded] 버림
    [acknowledged] 확인됨
    [decided] 결정됨
    [withdrawn] 거둠
    [unanswered] 답 없음
    [review] 리뷰
    [prepare] 준비
    [wrap_up] 마무리
    [stop] 중단
    [concern] 우려
    [approval] 승인
    [blocker] 장애물
    [one_on_one] 1:1 안건
    [priority] 우선순위
    [people] 인력
    [time] 시간
    [money] 예산
    [dependency] 의존
    [goal] 목표 자체
    [market] 시장
    [priorities] 우선순위 변경
    [resources] 인력, 시간, 예산 추가
    [revise] 목표 수정
    [keep] 그대로
    [carry] 이어 가기
    [sent] 보냄
    [pending] 대기
    [sending] 보내는 중
    [expired] 늦어서 보내지 않음
    [refused] 플랫폼이 거절
    [unknown] 전해졌는지 모름
    [hr_admin] 인사 담당자
    [slack] Slack
    [teams] Microsoft Teams
    [company] 회사
    [department] 부서
    [team] 팀
    [person] 사람
    [morning] 오전
    [afternoon] 오후
    [opened] 열림
    [shown] 보여 줌
    [talk_first] 먼저 이야기
    [reminded] 다시 알림
    [climbed] 다음 단계로
    [covered] 대리인에게
    [handed_over] 넘김
    [stranded] 물을 사람 없음
    [asked_again] 다시 물음
    [followed] 후속 확인
    [reopened] 다시 열림
    [support] 지원
    [obstacle] 장애물
    [development] 성장
    [decision] 결정
    [delivered] 전해짐
    [read] 읽음
    [answered] 답함
    [raised] 전함
    [queued] 보낼 예정
    [held] 보류
    [en] 영어
    [ko] 한국어
   *[other] { $name }
}

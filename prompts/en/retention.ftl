rule-privacy-retention = How long what people wrote, messages and the record of decisions are kept. Nobody is sent anything.
threshold-privacy-retention-words = what people wrote in check-ins, private notes included; statuses and numbers stay
threshold-privacy-retention-messages = messages and where they were sent
threshold-privacy-retention-ledger = the record of what I decided and did, and of who read what
threshold-privacy-retention-leavers = so long after their last day people who left are erased; off: only when somebody asks for it
nudges-for-all = { $name } holds for the whole company and cannot be set for a part of it. Nothing was changed. To change it: { $form }
erased-word = (erased)

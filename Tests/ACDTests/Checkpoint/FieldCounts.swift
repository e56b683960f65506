// How many stored properties each structure of a checkpoint has. Who comes here because a number is another now: write the
// new field in `Sources/ACD/Checkpoint`, raise `ACD.Checkpoint.format`, then the number here.

enum FieldCounts {
  static let format: UInt64 = 4

  static let all: [String: Int] = [
    "ACD.ACD": 43, "ACD.ACD.AgentSettings": 5, "ACD.ACD.CallbackSettings": 19, "ACD.ACD.Conversation": 2,
    "ACD.ACD.Counters": 24, "ACD.ACD.Entry": 11, "ACD.ACD.Member": 3, "ACD.ACD.QueueCounts": 10,
    "ACD.ACD.QueueSettings": 25, "ACD.ACD.Settings": 5, "ACD.ACD.Skill": 2, "ACD.ACD.SkillRing": 2, "ACD.Agent": 26,
    "ACD.Agent.Standing": 2, "ACD.AgentID": 1, "ACD.AgentNumbers": 13, "ACD.Attempt": 10, "ACD.AttemptID": 1,
    "ACD.CallReference": 1, "ACD.Callback": 12, "ACD.ClassID": 1, "ACD.Clock": 3, "ACD.Decisions": 2,
    "ACD.Decisions.Decision": 6, "ACD.Estimates": 2, "ACD.Estimates.Caller": 5, "ACD.Estimates.OfQueue": 2,
    "ACD.Hours": 4, "ACD.ItemKey": 5, "ACD.Judged": 2, "ACD.Judged.Conversation": 4, "ACD.LastAgents": 2,
    "ACD.LiveOffer": 9, "ACD.MediumSet": 1, "ACD.OfferID": 1, "ACD.OrderedKeys<ACD.ItemKey>": 2,
    "ACD.OrderedKeys<ACD.ReadyKey>": 2, "ACD.Phone": 2, "ACD.Placement": 11, "ACD.Quarter": 3,
    "ACD.Quarter.Row<ACD.AgentNumbers>": 2, "ACD.Quarter.Row<ACD.QueueNumbers>": 2, "ACD.Queue": 17, "ACD.QueueID": 1,
    "ACD.QueueNumbers": 48, "ACD.ReadyKey": 3, "ACD.Recent": 4, "ACD.Reports": 10, "ACD.Reports.Contact": 5,
    "ACD.Reports.Counters": 6, "ACD.Reports.Named<ACD.AgentNumbers>": 2, "ACD.Reports.Named<ACD.QueueNumbers>": 2,
    "ACD.Reports.Promise": 4, "ACD.RequirementClass": 5, "ACD.RequirementClass.Key": 5, "ACD.Spread": 2,
    "ACD.Spread.Step": 2, "ACD.StateTimes": 8, "ACD.TellState": 3, "ACD.Unwritten": 3, "ACD.WaitEstimate": 8,
    "ACD.WaitEstimate.Estimate": 4, "ACD.WaitEstimate.Load": 3, "ACD.WaitingCall": 11, "Journal.CallbackFact": 22,
    "Journal.CallbackFact.Leg": 6,
    "NumberPlan.NumberClasses": 1, "NumberPlan.NumberPlan": 1, "NumberPlan.NumberPlan.Rule": 4,
    "NumberPlan.NumberPlan.Settings": 7,
  ]
}

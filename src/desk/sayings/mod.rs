//! What is to be said, with the facts its words are made of. Builders only: no words here.
//!
//! # Facts
//!
//! About an event (all kinds with an event, unless the matter is discreet and the destination is a
//! group: then only `number` and `id`):
//! `number` (short, `12`), `id`, `category` (供水排水), `body` (责任主体), `level` (特急…咨询), `area`
//! (莲花新区), `place` (3栋2单元; may be absent; the room only to workers), `state` (处置中),
//! `supporters` (how many reported it), `opened` (11月20日 08:01).
//!
//! To workers and staff besides: `gist` (what was reported), `holder` (name), `finish_by`.
//! Instants are written `11月20日 08:01` in the community's zone.
//!
//! | kind | to | facts of its own |
//! |---|---|---|
//! | Welcome | group | `group`, `area`, `purpose` (居民, 工作), `bot`, `keep_days` |
//! | Acknowledged | group | – ; quotes the report |
//! | EmergencyAdvice | group | `call` (119、120), `emergency` (人员被困); quotes the report |
//! | DiscreetCare | group | `call` where there is a number; quotes and mentions nobody |
//! | KnownCause | group | `matter` (停水), `start`, `end`, `places`, `body`; made by `notices` |
//! | Accepted | group | `holder`, `finish_by` |
//! | Suspended | group | `reason`, `until` |
//! | Extended | group | `reason` (may be absent), `until` |
//! | Transferred | group | `to` (name), `reason` (may be absent) |
//! | Escalated | group | `mark` (吹哨, 督办) |
//! | Outcome | group | `result` (may be absent), `holder`, `again` (再次回访, only the second time); mentions reporters |
//! | Reopened | group | `reason` (may be absent), `times` |
//! | Merged | group | `into` (short number) |
//! | Declined | group | `outcome` (作废, 不予受理), `reason` (may be absent) |
//! | SelfCleared | group | – |
//! | Consultation | group | as Acknowledged, for 咨询 |
//! | Dispatch | work group or person | `accept_by`, `call` for 特急, `why` (新事件, 上一位未接单, 退单, 转派, 重办, 返工, 改类别, 升为特急), `note` (words of whoever sent it; may be absent); mentions the holder |
//! | Reminder | work group or person | `limit` (接单, 首次反馈, 办结, 挂账到期, 催办, 督办), `due`, `light` (绿灯, 黄灯, 红灯), `overdue` (5小时; only when passed); mentions the holder |
//! | Alarm | work group or person | `why` (特急, 请私下关心, 超时, 吹哨, 街道未答复), `call` for 特急, `holder` |
//! | LeadShown | work group or person | `group` (where it was heard), `because` |
//! | AwaitingStaff | work group or person | `wish` (派单, 核查, 退单, 挂账, 延期, 转派), `by` (name), `reason`, `to`, `until`, `result` (each may be absent); mentions staff |
//! | Answer | where it was asked | `topic` (查询, 我的, 帮助), `text` (one or several lines) |
//! | Done | where it was asked | `command` (接单), `text` (what comes next; may be absent) |
//! | RefusedKindly | where it was asked | `command`, `reason` (why not), `instead` (what to do instead) |
//! | WhichOne | where it was asked | `command`, `choices` (one line per event) |
//! | ObjectionKept | where it was asked | – |

mod budget;
mod facts;
mod public;
mod reply;
mod work;

pub(in crate::desk) use facts::number;
pub use facts::{Reader, about, call_for, line, when};
pub use public::{Public, acknowledge};
pub use reply::{Reply, reply};
pub use work::{Work, alarm_chain, tell_work};
